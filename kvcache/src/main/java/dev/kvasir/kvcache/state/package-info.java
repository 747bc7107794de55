/** Saves the state of sequences as bytes, and reads it back. Part of the API. */
@NullMarked
package dev.kvasir.kvcache.state;

import org.jspecify.annotations.NullMarked;
