/** The sub-commands, one class each. */
@NullMarked
package dev.kvasir.runner.command;

import org.jspecify.annotations.NullMarked;
