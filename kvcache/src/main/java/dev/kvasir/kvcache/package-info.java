/**
 * The KV cache: {@link dev.kvasir.kvcache.KvCaches} creates one, {@link dev.kvasir.kvcache.Policies} lists the policies, and
 * {@link dev.kvasir.kvcache.plan.KvCache} is how a cache is used. Part of the API.
 */
@NullMarked
package dev.kvasir.kvcache;

import org.jspecify.annotations.NullMarked;
