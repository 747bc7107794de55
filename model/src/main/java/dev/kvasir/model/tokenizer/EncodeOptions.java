package dev.kvasir.model.tokenizer;

/**
 * Options for turning text into tokens.
 *
 * @param edges whether the tokens that begin and end a sequence are added
 * @param controls whether names of control tokens in the text are recognised
 */
public record EncodeOptions(Edges edges, Controls controls) {

    /** Whether the tokens that begin and end a sequence are added. */
    public enum Edges {
        /** As defined by the vocabulary. */
        AS_MODEL,
        /** Neither. */
        NONE,
        /** Neither, and no space before the first word: the text goes on from an earlier one. */
        CONTINUED
    }

    /** The treatment of names of control tokens, such as {@code <|im_end|>}, in the text. */
    public enum Controls {
        /** One token each: for rendered chat templates. */
        PARSED,
        /** Plain letters: for text of users. */
        PLAIN
    }

    /** A whole prompt: edges as in the vocabulary, control tokens recognised. */
    public static final EncodeOptions PROMPT = new EncodeOptions(Edges.AS_MODEL, Controls.PARSED);
    /** A rendered chat template, which writes its own edges. */
    public static final EncodeOptions RENDERED = new EncodeOptions(Edges.NONE, Controls.PARSED);
    /** Plain text: no edges, no control tokens. */
    public static final EncodeOptions PLAIN = new EncodeOptions(Edges.NONE, Controls.PLAIN);
}
