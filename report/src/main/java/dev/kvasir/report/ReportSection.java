package dev.kvasir.report;

import dev.kvasir.report.chart.Exhibit;
import java.util.List;

/**
 * A part of a report under one heading.
 *
 * @param title     the heading
 * @param text      plain text that introduces it; an empty line starts a new paragraph; may be empty
 * @param findings  what the statistics say, one sentence each: intervals, tests, what is inside the noise
 * @param exhibits  charts and tables, in reading order
 */
public record ReportSection(String title, String text, List<String> findings, List<Exhibit> exhibits) {
    /** Keeps copies of the lists. */
    public ReportSection {
        findings = List.copyOf(findings);
        exhibits = List.copyOf(exhibits);
    }

    /** A section without findings. */
    public ReportSection(String title, String text, List<? extends Exhibit> exhibits) {
        this(title, text, List.of(), List.copyOf(exhibits));
    }
}
