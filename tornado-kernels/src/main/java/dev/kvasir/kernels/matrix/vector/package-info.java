/** Products of packed matrices with one token and with many, in Java's Vector API. */
@NullMarked
package dev.kvasir.kernels.matrix.vector;

import org.jspecify.annotations.NullMarked;
