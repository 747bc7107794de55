/** The values of the options of a cache. */
@NullMarked
package dev.kvasir.kvcache.option;

import org.jspecify.annotations.NullMarked;
