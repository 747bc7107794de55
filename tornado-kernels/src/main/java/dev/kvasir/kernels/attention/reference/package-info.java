/** Attention in plain loops: the control for every other form. */
@NullMarked
package dev.kvasir.kernels.attention.reference;

import org.jspecify.annotations.NullMarked;
