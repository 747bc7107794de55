/** Caches and sequences as their users see them, and how much memory a cache plans for. */
@NullMarked
package dev.kvasir.kvcache.plan;

import org.jspecify.annotations.NullMarked;
