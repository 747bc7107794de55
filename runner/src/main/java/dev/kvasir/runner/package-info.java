/** The command line. */
@NullMarked
package dev.kvasir.runner;

import org.jspecify.annotations.NullMarked;
