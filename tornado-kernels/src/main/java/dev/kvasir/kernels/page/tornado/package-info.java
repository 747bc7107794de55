/** Pages written, gathered and scattered by kernels that TornadoVM compiles. */
@NullMarked
package dev.kvasir.kernels.page.tornado;

import org.jspecify.annotations.NullMarked;
