/** The inner loops of products, one for each packed layout. */
@NullMarked
package dev.kvasir.kernels.matrix.vector.product;

import org.jspecify.annotations.NullMarked;
