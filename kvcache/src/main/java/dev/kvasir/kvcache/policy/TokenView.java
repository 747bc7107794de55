package dev.kvasir.kvcache.policy;

/** Tokens of one layer of one sequence, KV head by KV head, known by their positions in the text. */
public interface TokenView {

    /** The number of tokens appended to the layer so far, those evicted included: positions {@code 0..length-1}. */
    int length();

    /** The number of them that a KV head holds. */
    int count(int kvHead);

    /** Position of the {@code i}-th of them, ascending. */
    int position(int kvHead, int i);
}
