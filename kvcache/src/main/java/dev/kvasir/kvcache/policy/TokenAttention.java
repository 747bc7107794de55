package dev.kvasir.kvcache.policy;

/**
 * The weights that one query gave to the tokens it attended to, itself included; the {@code i}-th is at {@link #position}. With
 * {@code s_hi = q_h.k_i / sqrt(headDim)}:
 *
 * <pre>
 * logit(h, i)  = s_hi
 * weight(h, i) = exp(s_hi) / sum_j exp(s_hj)
 * mean(g, i)   = the mean of weight(h, i) over the query heads h that share KV head g
 * </pre>
 *
 * Valid until {@link TokenKeeper#observe} returns.
 */
public interface TokenAttention extends TokenView {

    /** Position of the query. */
    int query();

    /** The scaled logit of a query head for the {@code i}-th token of its KV head. */
    float logit(int queryHead, int i);

    /** The softmax weight of a query head for the {@code i}-th token of its KV head. */
    float weight(int queryHead, int i);

    /** The mean weight of the query heads that share a KV head for its {@code i}-th token. */
    float mean(int kvHead, int i);

    /**
     * Adds {@link #mean} of every token to {@code sums} at its position, as policies of accumulated attention do.
     *
     * @param sums {@code [maxTokens]}, by position
     */
    default void addMeans(int kvHead, float[] sums) {
        for (int i = 0; i < count(kvHead); i++) {
            sums[position(kvHead, i)] += mean(kvHead, i);
        }
    }
}
