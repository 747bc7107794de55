/** A KV cache held to a budget of pages: digest, score, select, evict, recall. */
@NullMarked
package dev.kvasir.kvcache;

import org.jspecify.annotations.NullMarked;
