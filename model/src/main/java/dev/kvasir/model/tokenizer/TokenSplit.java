package dev.kvasir.model.tokenizer;

import java.util.Arrays;

/**
 * The tokens of a text in two parts, for two-phase generation. Together they are the tokens of the whole text. The first
 * part ends where the tokens of the whole text and those of its beginning alone first differ: a token that reaches over
 * the seam belongs to the second part.
 */
public record TokenSplit(int[] before, int[] after) {

    /** The tokens of {@code before + after}, split as a {@link MarkedText} is. */
    public static TokenSplit of(Tokenizer tokenizer, String before, String after, EncodeOptions options) {
        return of(tokenizer, MarkedText.template(before + after), before.length(), options);
    }

    /**
     * The tokens of a text that is split at a char. If there are any, {@link #before} has at least one of them, because a
     * model reads a first part before a second one.
     */
    public static TokenSplit of(Tokenizer tokenizer, MarkedText text, int at, EncodeOptions options) {
        int[] beginning = tokenizer.encode(text.part(0, at), options);
        if (at == text.text().length()) {
            return new TokenSplit(beginning, new int[0]);
        }
        int[] all = tokenizer.encode(text, options);
        int mismatch = Arrays.mismatch(beginning, all);
        int seam = Math.max(mismatch < 0 ? all.length : mismatch, Math.min(1, all.length));
        return new TokenSplit(Arrays.copyOf(all, seam), Arrays.copyOfRange(all, seam, all.length));
    }
}
