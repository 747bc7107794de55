/** Operations on rows of activations with Java's Vector API. */
@NullMarked
package dev.kvasir.kernels.rows.vector;

import org.jspecify.annotations.NullMarked;
