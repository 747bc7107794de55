/** Digests made and scored with Java's Vector API. */
@NullMarked
package dev.kvasir.kernels.digest.vector;

import org.jspecify.annotations.NullMarked;
