/** The model that comes with Kvasir. */
@NullMarked
package dev.kvasir.model.bundled;

import org.jspecify.annotations.NullMarked;
