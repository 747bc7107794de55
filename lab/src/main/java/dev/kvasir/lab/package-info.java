/**
 * Experiments over grids of policies, budgets and texts. Every result goes to a file at once, so a run can be resumed.
 */
@NullMarked
package dev.kvasir.lab;

import org.jspecify.annotations.NullMarked;
