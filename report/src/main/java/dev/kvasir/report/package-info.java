/** Figures and tables for people. */
@NullMarked
package dev.kvasir.report;

import org.jspecify.annotations.NullMarked;
