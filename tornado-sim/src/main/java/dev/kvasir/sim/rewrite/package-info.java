/** Finds the kernel of a task's method reference, and rewrites it when it is loaded. */
@NullMarked
package dev.kvasir.sim.rewrite;

import org.jspecify.annotations.NullMarked;
