/** Task graphs and execution plans: device copies, transfers, and the launches between them. */
@NullMarked
package dev.kvasir.sim.graph;

import org.jspecify.annotations.NullMarked;
