/** Attention as kernels that TornadoVM compiles. */
@NullMarked
package dev.kvasir.kernels.attention.tornado;

import org.jspecify.annotations.NullMarked;
