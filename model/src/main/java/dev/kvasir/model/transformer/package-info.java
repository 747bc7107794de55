/** The transformer, its weights, and the operations it asks of an engine. */
@NullMarked
package dev.kvasir.model.transformer;

import org.jspecify.annotations.NullMarked;
