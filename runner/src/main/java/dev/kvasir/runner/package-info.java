/** The command line: the main class, its commands and their options. */
@NullMarked
package dev.kvasir.runner;

import org.jspecify.annotations.NullMarked;
