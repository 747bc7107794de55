/** Operations on rows of activations in plain loops: the control. */
@NullMarked
package dev.kvasir.kernels.rows.reference;

import org.jspecify.annotations.NullMarked;
