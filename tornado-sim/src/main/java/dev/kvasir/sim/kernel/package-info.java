/** Kernels: found from the method reference of a task, rewritten as they are loaded, and run group by group. */
@NullMarked
package dev.kvasir.sim.kernel;

import org.jspecify.annotations.NullMarked;
