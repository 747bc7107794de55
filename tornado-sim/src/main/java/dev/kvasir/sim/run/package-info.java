/** Runs launches: work-groups and work-items in order, their memory, and the checks of accesses to it. */
@NullMarked
package dev.kvasir.sim.run;

import org.jspecify.annotations.NullMarked;
