/** Experiments: grids of policies, budgets and texts that are walked, resumed, and written down result by result. */
@NullMarked
package dev.kvasir.lab;

import org.jspecify.annotations.NullMarked;
