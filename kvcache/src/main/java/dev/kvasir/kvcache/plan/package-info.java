/** Caches and sequences as their users see them, and how much memory a cache plans for. Part of the API. */
@NullMarked
package dev.kvasir.kvcache.plan;

import org.jspecify.annotations.NullMarked;
