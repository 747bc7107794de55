/** Asynchronous page copies on NVIDIA devices, on a stream beside the one TornadoVM launches kernels on. */
@NullMarked
package dev.kvasir.kvcache.transfer.tornado;

import org.jspecify.annotations.NullMarked;
