/** Draws the next token from logits. */
@NullMarked
package dev.kvasir.model.sampling;

import org.jspecify.annotations.NullMarked;
