/** The precision of measured numbers: intervals, and whether two policies differ beyond the noise. */
@NullMarked
package dev.kvasir.lab.statistics;

import org.jspecify.annotations.NullMarked;
