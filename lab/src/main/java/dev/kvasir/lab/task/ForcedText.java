package dev.kvasir.lab.task;

import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.SkippedException;
import dev.kvasir.lab.data.JsonLines;
import dev.kvasir.lab.data.PlainText;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A part of a text that a model must read to its end: the first tokens as a prompt, the others one by one under the
 * policy. The model's own choices are ignored.
 *
 * @param prompt tokens to read at once
 * @param forced tokens to read one by one
 */
record ForcedText(int[] prompt, int[] forced) {
    private static final String TEXT = "text";
    private static final String STEPS = "steps";
    private static final String SHIPPED = "shakespeare-held-out.txt";

    /** The parameters for the text and its length. */
    static List<Parameter> parameters() {
        return List.of(Parameters.length("2048").quick("1024"),
                new Parameter(STEPS, "TOKENS", "number of last tokens that are read one by one", "512")
                        .quick("64"),
                Parameters.repeat("8").quick("2"), Parameters.cases(""), text());
    }

    /** {@code --text}. */
    static Parameter text() {
        return new Parameter(TEXT, "FILE",
                "a text, of which each repeat takes another part (default: the part of Shakespeare that the bundled model has not seen)",
                "");
    }

    /** The grid over texts and caches. */
    static List<Cell> cells(Settings settings) {
        int steps = settings.number(STEPS);
        for (int length : settings.numbers(Parameters.LENGTH)) {
            if (steps >= length) {
                throw new IllegalArgumentException(
                        "--steps %d leave no tokens of --length %d for the prompt: lower --steps"
                                .formatted(steps, length));
            }
        }
        return cellsOfAnyPrompt(settings);
    }

    /** The same without a check of the prompt. */
    static List<Cell> cellsOfAnyPrompt(Settings settings) {
        String file = settings.text(TEXT);
        if (!file.isEmpty() && !Files.isReadable(JsonLines.path(file))) {
            throw new IllegalArgumentException(
                    "--text %s cannot be read: check its path and permissions".formatted(file));
        }
        return Grid.of(settings).over("length", settings.numbers(Parameters.LENGTH)).repeats().caches().cells();
    }

    /**
     * The part of the text that belongs to a cell.
     *
     * @throws SkippedException if the text is too short
     */
    static ForcedText of(Cell cell, Lab lab) {
        return of(cell, lab, lab.settings().number(STEPS));
    }

    /** The same with {@code steps} forced tokens. */
    static ForcedText of(Cell cell, Lab lab, int steps) {
        Tokenizer tokenizer = lab.tokenizer();
        int[] all = Texts.encode(tokenizer, text(lab.settings().text(TEXT)));
        int[] start = Texts.start(tokenizer);
        int length = cell.number("length");
        int wanted = length - start.length;
        if (all.length < wanted) {
            throw new SkippedException("the text has %d tokens, too few for a part of %d: lower --length"
                    .formatted(all.length, length));
        }
        int from = new SplittableRandom(cell.seed()).nextInt(all.length - wanted + 1);
        int[] part = Texts.join(start, Arrays.copyOfRange(all, from, from + wanted));
        return new ForcedText(Arrays.copyOf(part, length - steps), Arrays.copyOfRange(part, length - steps, length));
    }

    private static String text(String file) {
        if (file.isEmpty()) {
            return Texts.resource(SHIPPED);
        }
        try {
            return PlainText.strict(JsonLines.path(file));
        } catch (IOException e) {
            throw new FailureException("--text %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The number of tokens of both parts. */
    int length() {
        return prompt.length + forced.length;
    }
}
