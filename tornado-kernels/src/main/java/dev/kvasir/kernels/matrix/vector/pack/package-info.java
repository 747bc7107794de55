/** The packed layout of weights, and activations rounded to meet it. */
@NullMarked
package dev.kvasir.kernels.matrix.vector.pack;

import org.jspecify.annotations.NullMarked;
