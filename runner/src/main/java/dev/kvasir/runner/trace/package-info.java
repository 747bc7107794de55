/** Writes and reads traces of page events, as JSON lines; writes flight recordings and arrays. */
@NullMarked
package dev.kvasir.runner.trace;

import org.jspecify.annotations.NullMarked;
