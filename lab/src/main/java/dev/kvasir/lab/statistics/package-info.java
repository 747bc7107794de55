/** How far measured numbers can be trusted: intervals, and whether two policies differ beyond the noise. */
@NullMarked
package dev.kvasir.lab.statistics;

import org.jspecify.annotations.NullMarked;
