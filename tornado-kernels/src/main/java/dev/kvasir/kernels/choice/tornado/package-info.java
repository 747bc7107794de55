/** Selection of pages and tokens by kernels that TornadoVM compiles. */
@NullMarked
package dev.kvasir.kernels.choice.tornado;

import org.jspecify.annotations.NullMarked;
