/**
 * Pages of keys and values in frames: their layout ({@link dev.kvasir.kernels.page.PageGeometry}), writing them
 * ({@code PageAppend}) and reading them. On the CPU a {@code PageReader} reads pages and digests: by machine code, as
 * f16 numbers without decoding, or from a copy as floats.
 */
@NullMarked
package dev.kvasir.kernels.page;

import org.jspecify.annotations.NullMarked;
