/** The shape of a page frame and of the digests kept in frames. */
@NullMarked
package dev.kvasir.kernels.page;

import org.jspecify.annotations.NullMarked;
