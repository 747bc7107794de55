/** Runs the grid of an experiment and keeps every result, even if the run ends early. */
@NullMarked
package dev.kvasir.lab.run;

import org.jspecify.annotations.NullMarked;
