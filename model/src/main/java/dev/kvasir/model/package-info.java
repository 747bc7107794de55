/** Models: loads a file, opens sessions and batches, and generates text. Part of the API. */
@NullMarked
package dev.kvasir.model;

import org.jspecify.annotations.NullMarked;
