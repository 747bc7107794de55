/** The values of the options of a cache. Part of the API. */
@NullMarked
package dev.kvasir.kvcache.option;

import org.jspecify.annotations.NullMarked;
