/** Pages written and read with Java's Vector API. */
@NullMarked
package dev.kvasir.kernels.page.vector;

import org.jspecify.annotations.NullMarked;
