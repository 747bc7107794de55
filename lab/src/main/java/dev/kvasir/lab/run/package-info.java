/** Walks the grid of an experiment and keeps what was measured, whatever ends the run. */
@NullMarked
package dev.kvasir.lab.run;

import org.jspecify.annotations.NullMarked;
