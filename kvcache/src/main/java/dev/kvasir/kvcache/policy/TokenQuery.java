package dev.kvasir.kvcache.policy;

/** A query before it attends, and the cached tokens it can choose from, its own included. */
public interface TokenQuery extends TokenView {

    /** The query heads, post-RoPE and unscaled; head {@code h} has its {@code headDim} elements from {@link #at}. */
    float[] queries();

    /** Where a query head begins in {@link #queries}. */
    int at(int queryHead);

    /**
     * Reads one element of the key of every cached token: the {@code i}-th number is that of the token at
     * {@link #position}.
     *
     * @param values receives {@link #count} numbers
     */
    void keys(int kvHead, int element, float[] values);
}
