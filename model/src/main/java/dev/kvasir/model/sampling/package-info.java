/** From logits to the next token. */
@NullMarked
package dev.kvasir.model.sampling;

import org.jspecify.annotations.NullMarked;
