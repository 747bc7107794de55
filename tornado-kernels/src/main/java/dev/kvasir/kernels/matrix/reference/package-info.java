/** Products of matrices in plain loops: the control. */
@NullMarked
package dev.kvasir.kernels.matrix.reference;

import org.jspecify.annotations.NullMarked;
