package dev.kvasir.lab.passkey;

import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A number hidden in filler text and the question about it (Mohtashami and Jaggi, 2023), in the wording that the
 * bundled model was trained on. Context and question are separate for two-phase generation, as in the papers: the
 * context is read at once, the question token by token under a cache policy.
 *
 * @param context tokens to read first
 * @param question tokens of the question
 * @param answer the five digits
 */
public record Passkey(int[] context, int[] question, String answer) {
    private static final String INTRODUCTION = "There is an important info hidden inside a lot of irrelevant text. "
            + "Find it and memorize it. I will quiz you about the important information there.";
    private static final String NEEDLE = "\nThe pass key is %s. Remember it. %s is the pass key.\n";
    private static final String QUESTION = "\nWhat is the pass key? The pass key is";
    private static final String FILLER = "filler.txt";

    /**
     * Hides a number.
     *
     * @param length tokens of context and question together
     * @param depth share of the filler before the number, from 0 to 1
     * @param seed determines the number
     * @throws IllegalArgumentException if needle and question alone are longer, or the depth is not from 0 to 1
     */
    public static Passkey hide(Tokenizer tokenizer, int length, double depth, long seed) {
        if (!(depth >= 0 && depth <= 1)) {
            throw new IllegalArgumentException("depth %s is not from 0 (start) to 1 (end)".formatted(depth));
        }
        String number = "%05d".formatted(new SplittableRandom(seed).nextInt(100_000));
        int bos = tokenizer.vocabulary().special().bos();
        int[] start = bos == SpecialIds.NONE ? new int[0] : new int[]{bos};
        int[] introduction = encode(tokenizer, INTRODUCTION);
        int[] needle = encode(tokenizer, NEEDLE.formatted(number, number));
        int[] question = encode(tokenizer, QUESTION);
        int room = length - start.length - introduction.length - needle.length - question.length;
        if (room < 0) {
            throw new IllegalArgumentException(
                    "%d tokens are too few for needle and question, which take %d: raise --length".formatted(length,
                            length - room));
        }
        int[] filler = filler(tokenizer, room);
        int before = (int) (depth * room);
        int[] context = join(start, introduction, Arrays.copyOf(filler, before), needle,
                Arrays.copyOfRange(filler, before, room));
        return new Passkey(context, question, number);
    }

    private static int[] filler(Tokenizer tokenizer, int tokens) {
        try (InputStream in = Objects.requireNonNull(Passkey.class.getResourceAsStream(FILLER), FILLER)) {
            int[] once = encode(tokenizer, " " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
            return IntStream.range(0, tokens).map(i -> once[i % once.length]).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] encode(Tokenizer tokenizer, String text) {
        return tokenizer.encode(text, EncodeOptions.PLAIN);
    }

    private static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }
}
