package dev.kvasir.report.chart;

/** One chart or table of a report. Values that were not measured are NaN, everywhere. */
public sealed interface Exhibit permits LineChart, BarChart, StackedBars, HeatMap, DataTable {
    /** Its heading: what is shown, without units. */
    String title();

    /** What the reader should see in it, in a sentence or two; may be empty. */
    String caption();
}
