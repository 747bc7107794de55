/** The terminal and the signals of this process. */
@NullMarked
package dev.kvasir.runner.terminal;

import org.jspecify.annotations.NullMarked;
