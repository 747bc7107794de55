/** Digests made and scored in plain loops: the control. */
@NullMarked
package dev.kvasir.kernels.digest.reference;

import org.jspecify.annotations.NullMarked;
