/**
 * The TornadoVM form of the kernels, under the same names as the reference. A {@code static} method with a
 * {@code KernelContext} is one kernel: what changes from step to step reaches it in arrays, shapes are {@code int}s that
 * the compiler takes for constants. The {@code grid} method of a class says how many work-items to launch.
 */
@NullMarked
package dev.kvasir.kernels.tornado;

import org.jspecify.annotations.NullMarked;
