package dev.kvasir.model.tokenizer;

/**
 * Options for turning tokens into text.
 *
 * @param controls whether control tokens are written
 * @param leadingSpace whether the space that encoding added at the start is removed
 */
public record DecodeOptions(Controls controls, LeadingSpace leadingSpace) {

    /** The treatment of control tokens. */
    public enum Controls {
        /** Written by their name, such as {@code <|im_end|>}. */
        SHOWN,
        /** Left out. */
        HIDDEN
    }

    /** The treatment of the space that {@link Vocabulary#addSpacePrefix} adds at the start of a text. */
    public enum LeadingSpace {
        /** Removed: for a whole text. */
        STRIPPED,
        /** Kept: for the continuation of a text. */
        KEPT
    }

    /** A whole text, without control tokens: the reverse of encoding. */
    public static final DecodeOptions TEXT = new DecodeOptions(Controls.HIDDEN, LeadingSpace.STRIPPED);
    /** The text that a model writes after a prompt. */
    public static final DecodeOptions CONTINUATION = new DecodeOptions(Controls.HIDDEN, LeadingSpace.KEPT);
}
