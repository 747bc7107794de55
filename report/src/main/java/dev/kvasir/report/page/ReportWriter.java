package dev.kvasir.report.page;

import dev.kvasir.report.Report;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Figure;
import dev.kvasir.report.plot.Palette;
import dev.kvasir.report.plot.Plot;
import dev.kvasir.report.plot.PlotArea;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a report as one HTML file, and each of its charts as SVG and PNG. */
public final class ReportWriter {
    private ReportWriter() {}

    /**
     * Writes {@code report.html} and the folder {@code plots} into {@code folder}. Creates the folder if it does not
     * exist.
     *
     * @return the page
     * @throws IOException if a file cannot be written
     */
    public static Path write(Report report, Path folder) throws IOException {
        // Only pictures are painted. No window is needed.
        System.setProperty("java.awt.headless", "true");
        List<Figure> figures = report.sections().stream().flatMap(section -> section.figures().stream()).toList();
        Palette palette = new Palette(figures.stream().map(Reading::series).toList());
        FileNames files = new FileNames(report.sections());
        Files.createDirectories(folder.resolve("plots"));
        for (Figure figure : figures) {
            if (!(figure instanceof DataTable) && !Reading.isEmpty(figure)) {
                Plot plot = new Plot(figure, palette);
                String file = files.of(figure);
                WholeFile.write(folder.resolve(file + ".svg"),
                        plot.svg(PlotArea.WIDE).getBytes(StandardCharsets.UTF_8));
                WholeFile.write(folder.resolve(file + ".png"), plot.png(PlotArea.WIDE));
            }
        }
        Path page = folder.resolve("report.html");
        WholeFile.write(page, new ReportPage(report, palette, files).html().getBytes(StandardCharsets.UTF_8));
        return page;
    }
}
