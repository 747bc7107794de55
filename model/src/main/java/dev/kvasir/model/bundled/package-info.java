/** The model that is part of Kvasir's jar. */
@NullMarked
package dev.kvasir.model.bundled;

import org.jspecify.annotations.NullMarked;
