/** The TornadoVM form of every kernel, under the same names as the reference: not written yet. */
@NullMarked
package dev.kvasir.kernels.tornado;

import org.jspecify.annotations.NullMarked;
