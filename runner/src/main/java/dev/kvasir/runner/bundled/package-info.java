/** The small model that comes with Kvasir. */
@NullMarked
package dev.kvasir.runner.bundled;

import org.jspecify.annotations.NullMarked;
