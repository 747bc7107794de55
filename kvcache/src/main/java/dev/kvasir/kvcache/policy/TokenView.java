package dev.kvasir.kvcache.policy;

/** Tokens of one layer of one sequence, KV head by KV head, known by their positions in the text. */
public interface TokenView {

    /** Tokens the layer has been given so far, those evicted included: positions {@code 0..length-1}. */
    int length();

    /** How many of them are here. */
    int count(int kvHead);

    /** Position of the {@code i}-th of them, ascending. */
    int position(int kvHead, int i);
}
