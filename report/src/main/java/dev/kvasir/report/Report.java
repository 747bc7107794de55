package dev.kvasir.report;

import dev.kvasir.report.page.ReportWriter;
import java.util.List;

/**
 * What {@link ReportWriter} writes: the results of one experiment and how they came about. All of it is given by the
 * caller, also the date, so that the same results always give the same bytes.
 *
 * @param title      the experiment: "Passkey retrieval"
 * @param summary    what was measured and what came out, in a few sentences; plain text
 * @param origin     how the results came about
 * @param sections   the results
 * @param skipped    cells of the grid that were not run
 */
public record Report(String title, String summary, Origin origin, List<ReportSection> sections, List<Skipped> skipped) {
    /** Keeps copies of the lists. */
    public Report {
        sections = List.copyOf(sections);
        skipped = List.copyOf(skipped);
    }

    /**
     * How results came about.
     *
     * @param command   the command line that makes them again
     * @param model     name or file name of the model
     * @param modelHash hash of the model's file
     * @param machine   processor, cores, memory, device
     * @param version   versions of Kvasir and of the Java runtime
     * @param seed      the seed
     * @param date      when they were measured, as it should be read
     */
    public record Origin(String command, String model, String modelHash, String machine, String version, long seed,
            String date) {}

    /** A cell of the grid that was not run: "h2o, budget 16" and the reason as a sentence. */
    public record Skipped(String cell, String reason) {}
}
