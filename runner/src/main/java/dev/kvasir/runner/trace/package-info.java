/** Writes traces of page events, as JSON lines and as flight recordings. */
@NullMarked
package dev.kvasir.runner.trace;

import org.jspecify.annotations.NullMarked;
