/** Small parts that the Vector API kernels share: lanes, tiles, transposition, conversion of half floats. */
@NullMarked
package dev.kvasir.kernels.simd;

import org.jspecify.annotations.NullMarked;
