/** Walks the grid of an experiment and keeps what was measured, whatever ends the run. */
@NullMarked
package dev.kvasir.runner.experiment.run;

import org.jspecify.annotations.NullMarked;
