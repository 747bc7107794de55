/** What happened to every page, for eyes and for tools. */
@NullMarked
package dev.kvasir.runner.trace;

import org.jspecify.annotations.NullMarked;
