/** The transformer, its weights, and the operations that it needs from an engine. */
@NullMarked
package dev.kvasir.model.transformer;

import org.jspecify.annotations.NullMarked;
