package dev.kvasir.report.page;

import dev.kvasir.report.Report;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.Figure;
import dev.kvasir.report.plot.Palette;
import dev.kvasir.report.plot.Plot;
import dev.kvasir.report.plot.PlotArea;
import java.util.List;

/** Writes a report as HTML. */
public final class ReportPage {
    private final Report report;
    private final Palette palette;
    private final FileNames files;
    private final Html html;
    private int plots;

    /** A page for a report. Its plots use these colours and are also written to these files beside the page. */
    public ReportPage(Report report, Palette palette, FileNames files) {
        this.report = report;
        this.palette = palette;
        this.files = files;
        this.html = new Html(report.title(), Stylesheet.text());
    }

    /** The whole page. May be called once. */
    public String html() {
        header();
        html.raw("<main>\n");
        for (int i = 0; i < report.sections().size(); i++) {
            section(report.sections().get(i), i + 1);
        }
        skipped();
        html.raw("</main>\n<footer><p>Measured with ")
                .text(report.origin().version())
                .raw(". The numbers are in <code>results.jsonl</code> and <code>results.csv</code> beside this page.</p></footer>\n");
        return html.end();
    }

    private void header() {
        html.raw("<header>\n<h1>")
                .text(report.title())
                .raw("</h1>\n")
                .paragraphs(report.summary(), "summary")
                .origin(report.origin());
        if (report.sections().size() > 2) {
            html.raw("<nav aria-label=\"Sections\"><ol>\n");
            for (int i = 0; i < report.sections().size(); i++) {
                html.raw("<li><a href=\"#section-" + (i + 1) + "\">").text(report.sections().get(i).title());
                html.raw("</a></li>\n");
            }
            html.raw("</ol></nav>\n");
        }
        html.raw("</header>\n");
    }

    private void section(ReportSection section, int number) {
        html.raw("<section id=\"section-" + number + "\">\n<h2>").text(section.title()).raw("</h2>\n");
        html.paragraphs(section.text(), "text");
        if (!section.findings().isEmpty()) {
            html.raw("<ul class=\"findings\">\n");
            section.findings().forEach(finding -> html.raw("<li>").text(finding).raw("</li>\n"));
            html.raw("</ul>\n");
        }
        section.figures().forEach(this::figure);
        html.raw("</section>\n");
    }

    private void figure(Figure figure) {
        html.raw("<figure>\n<h3>").text(figure.title()).raw("</h3>\n");
        if (figure instanceof DataTable table) {
            html.table(table);
            caption(figure);
        } else if (Reading.isEmpty(figure)) {
            html.raw("<p class=\"empty\">This chart has no measured values.</p>\n");
            caption(figure);
        } else {
            plot(figure);
        }
        html.raw("</figure>\n");
    }

    private void plot(Figure figure) {
        Plot plot = new Plot(figure, palette);
        plots++;
        html.raw("<div class=\"plot\" role=\"img\" aria-label=\"")
                .attribute(figure.title() + ". " + Reading.sentence(figure))
                .raw("\">\n<div class=\"wide\">", plot.svgForPage(PlotArea.WIDE, "w" + plots + "-"))
                .raw("</div>\n<div class=\"narrow\">", plot.svgForPage(PlotArea.NARROW, "n" + plots + "-"))
                .raw("</div>\n</div>\n");
        caption(figure);
        String file = files.of(figure);
        html.raw("<div class=\"behind\"><details><summary>Numbers</summary>\n")
                .table(Reading.table(figure))
                .raw("</details><p class=\"files\"><a href=\"")
                .attribute(file + ".svg")
                .raw("\">SVG</a> <a href=\"")
                .attribute(file + ".png")
                .raw("\">PNG</a></p></div>\n");
    }

    private void caption(Figure figure) {
        if (!figure.caption().isBlank()) {
            html.raw("<figcaption>").text(figure.caption()).raw("</figcaption>\n");
        }
    }

    private void skipped() {
        if (report.skipped().isEmpty()) {
            return;
        }
        html.raw("<section id=\"skipped\">\n<h2>Skipped cells</h2>\n")
                .table(new DataTable("Skipped cells", "",
                        List.of(DataTable.Column.text("cell"), DataTable.Column.text("reason")),
                        report.skipped().stream().map(cell -> List.of(cell.cell(), cell.reason())).toList()))
                .raw("</section>\n");
    }
}
