/** Selection in plain loops: the control. */
@NullMarked
package dev.kvasir.kernels.choice.reference;

import org.jspecify.annotations.NullMarked;
