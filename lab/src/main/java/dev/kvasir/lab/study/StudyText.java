package dev.kvasir.lab.study;

import dev.kvasir.lab.Nearest;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.SkippedException;
import dev.kvasir.lab.data.JsonLines;
import dev.kvasir.lab.data.PlainText;
import dev.kvasir.lab.passkey.Passkey;
import dev.kvasir.lab.task.LineText;
import dev.kvasir.lab.task.Wording;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A text whose attention is studied: a passkey or lines with question and answer, or a part of a user's file.
 *
 * @param tokens the text
 * @param question number of its last tokens that are question and answer; 0 if it has none
 */
record StudyText(int[] tokens, int question) {
    /** Name of the parameter and of its axis. */
    static final String TEXT = "text";

    private static final String PASSKEY = "passkey";
    private static final String LINES = "lines";

    /** {@code --text}. */
    static Parameter parameter(String value) {
        return new Parameter(TEXT, "NAME,…",
                "the text: passkey (a number hidden in prose, the question for it, and the answer), lines (a record of lines, the question for one, and the answer) or a text file, of which each repeat takes another part",
                value).choices(List.of(PASSKEY, LINES));
    }

    /** Throws IllegalArgumentException if one of the texts cannot be read. */
    static void check(List<String> texts) {
        List<String> names = List.of(PASSKEY, LINES);
        for (String text : texts) {
            if (!names.contains(text) && !Files.isReadable(JsonLines.path(text))) {
                throw new IllegalArgumentException(
                        "--text %s is neither passkey nor lines nor a file that can be read%s"
                                .formatted(text, Nearest.hint(text, names)));
            }
        }
    }

    /**
     * A text of a given length; the same seed gives the same text.
     *
     * @throws FailureException if the file cannot be read
     * @throws SkippedException if the text cannot have that length
     */
    static StudyText of(String text, Tokenizer tokenizer, int length, long seed) {
        try {
            return switch (text) {
                case PASSKEY -> passkey(tokenizer, length, seed);
                case LINES -> lines(tokenizer, length, seed);
                default -> part(text, tokenizer, length, seed);
            };
        } catch (IllegalArgumentException e) {
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static StudyText passkey(Tokenizer tokenizer, int length, long seed) {
        var random = new SplittableRandom(seed);
        double depth = random.nextDouble();
        long key = random.nextLong();
        int[] answer = tokenizer.encode(" " + Passkey.hide(tokenizer, length, depth, key).answer() + ".",
                EncodeOptions.PLAIN);
        var passkey = Passkey.hide(tokenizer, length - answer.length, depth, key);
        return new StudyText(join(passkey.context(), passkey.question(), answer),
                passkey.question().length + answer.length);
    }

    private static StudyText lines(Tokenizer tokenizer, int length, long seed) {
        int room = tokenizer.encode("00000>", EncodeOptions.PLAIN).length; // of the longest answer
        var text = LineText.of(Wording.of(tokenizer), tokenizer, length - room, seed);
        int[] answer = tokenizer.encode(text.answer() + ">", EncodeOptions.PLAIN);
        return new StudyText(join(text.tokens().context(), text.tokens().question(), answer),
                text.tokens().question().length + answer.length);
    }

    private static StudyText part(String file, Tokenizer tokenizer, int length, long seed) {
        int[] all;
        try {
            all = tokenizer.encode(PlainText.strict(Path.of(file)), EncodeOptions.PLAIN);
        } catch (IOException | InvalidPathException e) {
            throw new FailureException(
                    "--text %s is neither passkey nor lines nor a text file that can be read (%s)".formatted(file,
                            e.getMessage()),
                    e);
        }
        int bos = tokenizer.vocabulary().special().bos();
        int[] start = bos == SpecialIds.NONE ? new int[0] : new int[]{bos};
        int wanted = length - start.length;
        if (all.length < wanted) {
            throw new SkippedException("%s has %d tokens, which do not make a text of %d: lower --length"
                    .formatted(file, all.length, length));
        }
        int from = new SplittableRandom(seed).nextInt(all.length - wanted + 1);
        return new StudyText(join(start, Arrays.copyOfRange(all, from, from + wanted)), 0);
    }

    private static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }
}
