/**
 * Attention of queries to pages of keys and values.
 *
 * <p>With scores {@code s_t = q.k_t / sqrt(headDim)} the output for one query head is
 * {@code sum_t exp(s_t) v_t / sum_t exp(s_t)}. It is computed in parts, one for a chunk of tokens. A part leaves the
 * record {@code {acc, max, sum}} ({@link dev.kvasir.kernels.attention.PartialResult}):
 *
 * <pre>
 * max = max_t s_t     sum = sum_t exp(s_t - max)     acc = sum_t exp(s_t - max) v_t
 * </pre>
 *
 * and records {@code p} merge, in a fixed order, by
 *
 * <pre>
 * M = max_p max_p     out = sum_p exp(max_p - M) acc_p / sum_p exp(max_p - M) sum_p
 * </pre>
 *
 * <p>The forms of {@code PagedAttention}, and the share of a bare read of memory that each step reached on a CPU with one
 * query head for each KV head: docs/kernels.md has the measurement.
 *
 * <pre>
 * form                               bare read   it bought
 * reference                                      the control: plain loops, sums in double
 * vector, a copy as floats           38 %        any type and shape of pages
 * vector, halves, one page           61 %        f16 is decoded beside the multiply-adds
 * vector, halves, two pages          61 to 76 %  more lines of memory are under way
 * machine code                       over 100 %  lines are requested four pages ahead
 * tornado                                        a GPU: 41,728 sectors of memory, and 1,837,569 for the naive kernel
 * </pre>
 *
 * <p>{@code CausalAttention} is the same for many queries of a prompt: tiles of queries meet tiles of tokens.
 * {@code AttentionWeights} are the softmax weights that follow from the scores of an observed attention.
 */
@NullMarked
package dev.kvasir.kernels.attention;

import org.jspecify.annotations.NullMarked;
