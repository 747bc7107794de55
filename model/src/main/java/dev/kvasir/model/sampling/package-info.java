/** Draws the next token from logits. Part of the API. */
@NullMarked
package dev.kvasir.model.sampling;

import org.jspecify.annotations.NullMarked;
