package dev.kvasir.report;

import dev.kvasir.report.chart.Figure;
import java.util.List;

/**
 * A part of a report under one heading.
 *
 * @param title     the heading
 * @param text      plain text that introduces it; an empty line starts a new paragraph; may be empty
 * @param findings  results of the statistics, one sentence each: intervals, tests, differences within the noise
 * @param figures  charts and tables, in reading order
 */
public record ReportSection(String title, String text, List<String> findings, List<Figure> figures) {
    /** Keeps copies of the lists. */
    public ReportSection {
        findings = List.copyOf(findings);
        figures = List.copyOf(figures);
    }

    /** A section without findings. */
    public ReportSection(String title, String text, List<? extends Figure> figures) {
        this(title, text, List.of(), List.copyOf(figures));
    }
}
