/** The cache of pages: its sequences, decisions and moves. */
@NullMarked
package dev.kvasir.kvcache.paged;

import org.jspecify.annotations.NullMarked;
