/** Attention in Java's Vector API, over pages and over prompts. */
@NullMarked
package dev.kvasir.kernels.attention.vector;

import org.jspecify.annotations.NullMarked;
