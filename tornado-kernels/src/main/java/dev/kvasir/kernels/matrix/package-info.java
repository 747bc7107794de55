/**
 * Products of weights with activations: {@code MatVec} for one token or a few, {@code MatMul} for a prompt. The vector
 * forms read packed weights ({@code vector.pack}: 32 rows side by side), and choose once for each layout which product
 * runs: machine code if there is some, else a loop of the Vector API ({@code vector.product}).
 */
@NullMarked
package dev.kvasir.kernels.matrix;

import org.jspecify.annotations.NullMarked;
