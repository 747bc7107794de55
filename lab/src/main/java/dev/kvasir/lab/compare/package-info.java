/** Compares policies: makes tables, charts and findings from results. */
@NullMarked
package dev.kvasir.lab.compare;

import org.jspecify.annotations.NullMarked;
