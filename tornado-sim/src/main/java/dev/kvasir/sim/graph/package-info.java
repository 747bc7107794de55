/** Task graphs and execution plans: device copies, transfers and launches. */
@NullMarked
package dev.kvasir.sim.graph;

import org.jspecify.annotations.NullMarked;
