package dev.kvasir.report;

import java.util.List;

/**
 * The results of one experiment and their origin: the input of {@code ReportWriter}. The caller gives every part, the
 * date too. So the same results always give the same bytes.
 *
 * @param title      the experiment: "Passkey retrieval"
 * @param summary    the measurement and its result in a few sentences of plain text
 * @param origin     command, model, machine and date of the measurement
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
     * The origin of results.
     *
     * @param command   the command line that reproduces them
     * @param model     name or file name of the model
     * @param modelHash hash of the model's file
     * @param machine   processor, cores, memory, device
     * @param version   versions of Kvasir and of the Java runtime
     * @param seed      the seed
     * @param date      date of the measurement, ready to print
     */
    public record Origin(String command, String model, String modelHash, String machine, String version, long seed,
            String date) {}

    /** A cell of the grid that was not run: "h2o, budget 16" and the reason as a sentence. */
    public record Skipped(String cell, String reason) {}
}
