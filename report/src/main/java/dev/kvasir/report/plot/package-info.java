/** Draws charts. XChart lays them out and paints them; Batik writes the result as SVG, Java 2D as PNG. */
@NullMarked
package dev.kvasir.report.plot;

import org.jspecify.annotations.NullMarked;
