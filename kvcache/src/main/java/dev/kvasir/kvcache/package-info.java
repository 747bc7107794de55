/** The KV cache: {@link dev.kvasir.kvcache.KvCaches} creates one, {@link dev.kvasir.kvcache.plan.KvCache} is how it is used. */
@NullMarked
package dev.kvasir.kvcache;

import org.jspecify.annotations.NullMarked;
