/** Figures and tables for people. */
@NullMarked
package dev.kvasir.runner.report;

import org.jspecify.annotations.NullMarked;
