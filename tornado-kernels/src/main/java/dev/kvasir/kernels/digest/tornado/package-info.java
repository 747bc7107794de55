/** Digests made and scored by kernels that TornadoVM compiles. */
@NullMarked
package dev.kvasir.kernels.digest.tornado;

import org.jspecify.annotations.NullMarked;
