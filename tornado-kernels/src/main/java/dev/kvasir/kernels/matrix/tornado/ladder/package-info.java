/** Earlier versions of the matrix-vector kernel, for teaching and benchmarks. */
@NullMarked
package dev.kvasir.kernels.matrix.tornado.ladder;

import org.jspecify.annotations.NullMarked;
