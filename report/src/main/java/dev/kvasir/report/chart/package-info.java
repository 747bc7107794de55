/** Charts and tables as plain data. This package contains no drawing code. */
@NullMarked
package dev.kvasir.report.chart;

import org.jspecify.annotations.NullMarked;
