/** What a user chooses about a cache. */
@NullMarked
package dev.kvasir.kvcache.option;

import org.jspecify.annotations.NullMarked;
