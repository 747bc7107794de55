/** Keeps packed weights in a file for the next start. */
@NullMarked
package dev.kvasir.model.repack;

import org.jspecify.annotations.NullMarked;
