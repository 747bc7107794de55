/**
 * Choosing: the {@code k} largest importances of pages ({@code TopK}), the largest logit ({@code Argmax}), a random token
 * ({@code Sampling}). On the host both forms of {@code TopK} are plain loops: the reference sorts; the other
 * form, in {@code vector}, counts digits and takes time linear in the range. Both order numbers by {@link dev.kvasir.kernels.choice.FloatOrder}.
 */
@NullMarked
package dev.kvasir.kernels.choice;

import org.jspecify.annotations.NullMarked;
