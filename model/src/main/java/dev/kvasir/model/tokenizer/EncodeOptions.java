package dev.kvasir.model.tokenizer;

/**
 * How text becomes tokens.
 *
 * @param edges whether the tokens that begin and end a sequence are added
 * @param controls whether control tokens written out in the text are recognised
 */
public record EncodeOptions(Edges edges, Controls controls) {

    /** Whether the tokens that begin and end a sequence are added. */
    public enum Edges {
        /** As the vocabulary says. */
        AS_MODEL,
        /** Neither. */
        NONE
    }

    /** What becomes of {@code <|im_end|>} and its like in the text. */
    public enum Controls {
        /** One token each: for rendered chat templates. */
        PARSED,
        /** Letters like any others: for text of users. */
        PLAIN
    }

    /** A whole prompt: edges as the model has them, control tokens recognised. */
    public static final EncodeOptions PROMPT = new EncodeOptions(Edges.AS_MODEL, Controls.PARSED);
    /** A rendered chat template, which writes its own edges. */
    public static final EncodeOptions RENDERED = new EncodeOptions(Edges.NONE, Controls.PARSED);
    /** Bare text: no edges, nothing but letters. */
    public static final EncodeOptions PLAIN = new EncodeOptions(Edges.NONE, Controls.PLAIN);
}
