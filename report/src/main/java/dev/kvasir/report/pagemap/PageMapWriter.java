package dev.kvasir.report.pagemap;

import dev.kvasir.report.page.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Writes the page map of one or more runs. */
public final class PageMapWriter {
    private PageMapWriter() {}

    /**
     * Writes one HTML page. An older file is replaced as a whole.
     *
     * @param runs at least one
     * @throws IOException if it cannot be written
     */
    public static void write(String title, List<PageMapRun> runs, Path file) throws IOException {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a page map shows at least one run");
        }
        WholeFile.write(file, new PageMapPage(title, runs).html().getBytes(StandardCharsets.UTF_8));
    }
}
