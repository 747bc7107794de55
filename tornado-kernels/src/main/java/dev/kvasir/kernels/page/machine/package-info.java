/** Pages of f16 read by machine code. */
@NullMarked
package dev.kvasir.kernels.page.machine;

import org.jspecify.annotations.NullMarked;
