package dev.kvasir.report.chart;

/** One chart or table of a report. Values that were not measured are NaN, everywhere. */
public sealed interface Figure permits LineChart, BarChart, StackedBars, HeatMap, DataTable {
    /** Its heading, without units. */
    String title();

    /** One or two sentences on what the reader should notice; may be empty. */
    String caption();
}
