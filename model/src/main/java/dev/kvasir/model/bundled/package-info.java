/** The model that is part of Kvasir's jar. Part of the API. */
@NullMarked
package dev.kvasir.model.bundled;

import org.jspecify.annotations.NullMarked;
