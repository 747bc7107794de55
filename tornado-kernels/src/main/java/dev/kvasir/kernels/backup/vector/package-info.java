/** Loops over the tokens of a page, which the compiler turns into vectors. */
@NullMarked
package dev.kvasir.kernels.backup.vector;

import org.jspecify.annotations.NullMarked;
