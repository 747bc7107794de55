/** The bookkeeping of pages: frames and host slots, and which page is where. */
@NullMarked
package dev.kvasir.kvcache.page;

import org.jspecify.annotations.NullMarked;
