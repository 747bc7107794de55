/** The list of policies, above all packages of the cache. */
@NullMarked
package dev.kvasir.kvcache;

import org.jspecify.annotations.NullMarked;
