/** Groups of options that several commands share; one flag means the same everywhere. */
@NullMarked
package dev.kvasir.runner.option;

import org.jspecify.annotations.NullMarked;
