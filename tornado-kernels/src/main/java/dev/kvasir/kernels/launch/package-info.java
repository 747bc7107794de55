/** Devices of TornadoVM, and the lists of tasks that kernels add themselves to. */
@NullMarked
package dev.kvasir.kernels.launch;

import org.jspecify.annotations.NullMarked;
