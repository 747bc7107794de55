package dev.kvasir.model.tokenizer;

/**
 * The token ids with a role; {@link #NONE} if the vocabulary has no such token.
 *
 * @param bos begins a sequence
 * @param eos ends a sequence
 * @param eot ends a turn of a conversation
 * @param eom ends a message within a turn
 * @param unk stands for text without a token
 * @param pad fills a batch
 */
public record SpecialIds(int bos, int eos, int eot, int eom, int unk, int pad) {

    /** No such token. */
    public static final int NONE = -1;
}
