package dev.kvasir.model.tokenizer;

/** Turns a piece of text without special tokens into token ids. */
sealed interface TextEncoder permits SentencePieceEncoder, ByteLevelEncoder {

    /**
     * Appends the tokens of a text.
     *
     * @param opening whether the text begins the sequence or follows a special token
     */
    void encode(String text, boolean opening, IntList out);
}
