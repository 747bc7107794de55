/** The Vector API form of every kernel, under the same names as the reference. */
@NullMarked
package dev.kvasir.kernels.vector;

import org.jspecify.annotations.NullMarked;
