/** Products of matrices as kernels that TornadoVM compiles. */
@NullMarked
package dev.kvasir.kernels.matrix.tornado;

import org.jspecify.annotations.NullMarked;
