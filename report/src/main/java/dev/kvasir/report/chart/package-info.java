/** What an experiment has to show: charts and tables as plain data, without a word about how they are drawn. */
@NullMarked
package dev.kvasir.report.chart;

import org.jspecify.annotations.NullMarked;
