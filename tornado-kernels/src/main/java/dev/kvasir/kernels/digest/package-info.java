/** Digests: bounding volumes of the keys of a page, and the importance that a query gives them. */
@NullMarked
package dev.kvasir.kernels.digest;

import org.jspecify.annotations.NullMarked;
