/** Scripts that complete the command line in bash, zsh and fish. */
@NullMarked
package dev.kvasir.runner.completion;

import org.jspecify.annotations.NullMarked;
