/** The engines: who multiplies, and on which device the pages live. */
@NullMarked
package dev.kvasir.model.engine;

import org.jspecify.annotations.NullMarked;
