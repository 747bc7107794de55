/** The element types of model tensors and how their blocks are laid out and decoded. */
@NullMarked
package dev.kvasir.kernels.tensor;

import org.jspecify.annotations.NullMarked;
