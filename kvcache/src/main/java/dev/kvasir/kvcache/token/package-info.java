/** A KV cache held to a budget of single tokens, each KV head for itself. */
@NullMarked
package dev.kvasir.kvcache.token;

import org.jspecify.annotations.NullMarked;
