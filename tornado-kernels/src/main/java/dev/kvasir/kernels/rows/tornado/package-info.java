/** Operations on rows of activations as kernels that TornadoVM compiles. */
@NullMarked
package dev.kvasir.kernels.rows.tornado;

import org.jspecify.annotations.NullMarked;
