/** The scalar form of every kernel: the control for all others. */
@NullMarked
package dev.kvasir.kernels.reference;

import org.jspecify.annotations.NullMarked;
