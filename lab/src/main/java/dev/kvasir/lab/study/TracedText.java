package dev.kvasir.lab.study;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.SkippedException;
import dev.kvasir.lab.study.trace.AttentionTrace;
import dev.kvasir.lab.study.trace.RecordingCache;
import dev.kvasir.model.engine.EngineKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A text read with full attention, and the recorded queries and keys. The last {@code --steps} tokens are forced, one
 * decode step each; the others are the prompt. By default the steps are the question and its answer, as in the papers.
 */
final class TracedText {
    private static final String STEPS = "steps";
    /** Value of {@code --steps} for the tokens of question and answer. */
    static final String QUESTION = "question";
    private static final int WITHOUT_QUESTION = 64; // steps

    private TracedText() {}

    /** {@code --steps}. */
    static Parameter steps(String count) {
        return new Parameter(STEPS, "N",
                "number of last tokens that are decoded step by step and studied; question: those of question and answer, 64 if the text has none",
                count);
    }

    private static int steps(Settings settings, StudyText text) {
        if (settings.text(STEPS).equals(QUESTION)) {
            return text.question() > 0 ? text.question() : WITHOUT_QUESTION;
        }
        return settings.number(STEPS);
    }

    /**
     * The texts of {@code --length} and {@code --repeat}, each with the pages of {@code --page-size}. The options of
     * their caches give the type of keys in digests, and sinks, window and groups.
     *
     * @throws IllegalArgumentException if the settings contradict each other
     */
    static List<Cell> cells(Settings settings) {
        StudyText.check(settings.words(StudyText.TEXT));
        if (!settings.text(STEPS).equals(QUESTION)) {
            settings.number(STEPS);
        }
        CacheOptions options = settings.caches().options("arkvale");
        return Grid.of(settings)
                .over(StudyText.TEXT, settings.words(StudyText.TEXT))
                .over(Parameters.LENGTH, settings.numbers(Parameters.LENGTH))
                .repeats()
                .onSameTexts(Grid.PAGE_SIZE, settings.numbers(Parameters.PAGE_SIZE))
                .cells()
                .stream()
                .map(cell -> new Cell(cell.axes(),
                        Optional.of(options.toBuilder().pageSize(cell.number(Grid.PAGE_SIZE)).build()), cell.seed()))
                .toList();
    }

    /**
     * Reads the text of a cell.
     *
     * @throws SkippedException if the cell's length does not hold the text, or its steps
     * @throws IllegalArgumentException if the engine keeps queries and keys on its device
     */
    static AttentionTrace record(Cell cell, Lab lab) {
        var kind = lab.model().options().kind();
        if (kind != EngineKind.VECTOR && kind != EngineKind.REFERENCE) {
            throw new IllegalArgumentException(
                    "the engine %s keeps queries and keys on its device, where they cannot be recorded: use --engine vector"
                            .formatted(kind.optionName()));
        }
        int length = cell.number(Parameters.LENGTH);
        var text = StudyText.of(cell.text(StudyText.TEXT), lab.tokenizer(), length, cell.seed());
        int[] tokens = text.tokens();
        int steps = steps(lab.settings(), text);
        length = tokens.length; // LongEval's lines may be a few tokens shorter
        if (steps >= length) {
            throw new SkippedException("%d steps leave no prompt of %d tokens: lower --steps".formatted(steps, length));
        }
        var model = lab.model();
        var shape = model.config().cacheShape();
        long bytes = AttentionTrace.bytes(shape, length, steps);
        if (bytes > Runtime.getRuntime().maxMemory() / 2) {
            throw new SkippedException(
                    "the keys of %d tokens take %d MiB of heap: lower --length or raise -Xmx".formatted(length,
                            bytes >> 20));
        }
        var trace = new AttentionTrace(shape, length, steps);
        try (var cache = new RecordingCache(model.newCache(CacheOptions.FULL, length, 1, CacheEvents.NONE), trace);
                var session = model.openSession(cache, length)) {
            session.prefill(Arrays.copyOf(tokens, length - steps));
            for (int i = length - steps; i < length; i++) {
                lab.checkStopped();
                session.advance(tokens[i]);
            }
        }
        return trace;
    }
}
