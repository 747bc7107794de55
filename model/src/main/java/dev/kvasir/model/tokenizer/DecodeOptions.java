package dev.kvasir.model.tokenizer;

/**
 * How tokens become text.
 *
 * @param controls whether control tokens are written out
 * @param leadingSpace whether the space that encoding put in front is taken away again
 */
public record DecodeOptions(Controls controls, LeadingSpace leadingSpace) {

    /** What becomes of control tokens. */
    public enum Controls {
        /** Written out, such as {@code <|im_end|>}. */
        SHOWN,
        /** Left out. */
        HIDDEN
    }

    /** What becomes of the space that {@link Vocabulary#addSpacePrefix} put in front of a text. */
    public enum LeadingSpace {
        /** Taken away: for a whole text. */
        STRIPPED,
        /** Kept: for the continuation of a text. */
        KEPT
    }

    /** A whole text, without control tokens: the reverse of encoding. */
    public static final DecodeOptions TEXT = new DecodeOptions(Controls.HIDDEN, LeadingSpace.STRIPPED);
    /** What a model writes after a prompt. */
    public static final DecodeOptions CONTINUATION = new DecodeOptions(Controls.HIDDEN, LeadingSpace.KEPT);
}
