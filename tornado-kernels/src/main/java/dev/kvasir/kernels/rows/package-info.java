/**
 * Operations on rows of activations between the matrix products: norm, rotation, gate, sum, embedding. They take a
 * thousandth of a step, so the vector forms are loops that are fast before C2 has compiled them, and the same to the
 * bit afterwards.
 */
@NullMarked
package dev.kvasir.kernels.rows;

import org.jspecify.annotations.NullMarked;
