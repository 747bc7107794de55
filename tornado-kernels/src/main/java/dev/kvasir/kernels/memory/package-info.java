/** Memory outside the heap. */
@NullMarked
package dev.kvasir.kernels.memory;

import org.jspecify.annotations.NullMarked;
