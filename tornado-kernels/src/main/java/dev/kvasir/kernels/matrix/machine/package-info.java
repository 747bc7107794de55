/** Products in machine code: bytes, nibbles, and tiles of bfloat16. */
@NullMarked
package dev.kvasir.kernels.matrix.machine;

import org.jspecify.annotations.NullMarked;
