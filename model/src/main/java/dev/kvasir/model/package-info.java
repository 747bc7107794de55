/** Models: loads a file, opens sessions and batches, and generates text. */
@NullMarked
package dev.kvasir.model;

import org.jspecify.annotations.NullMarked;
