/** Launches: work-groups and work-items in their order, their memory, and the checks of its use. */
@NullMarked
package dev.kvasir.sim.run;

import org.jspecify.annotations.NullMarked;
