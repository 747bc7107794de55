/** Tensors on a device, in words that TornadoVM's kernels can read. */
@NullMarked
package dev.kvasir.kernels.tensor.tornado;

import org.jspecify.annotations.NullMarked;
