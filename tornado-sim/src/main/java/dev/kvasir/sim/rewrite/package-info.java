/** Kernels: found from the method reference of a task, and rewritten as they are loaded. */
@NullMarked
package dev.kvasir.sim.rewrite;

import org.jspecify.annotations.NullMarked;
