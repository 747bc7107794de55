package dev.kvasir.runner.report.page;

import dev.kvasir.runner.report.Report;
import dev.kvasir.runner.report.ReportSection;
import dev.kvasir.runner.report.chart.DataTable;
import dev.kvasir.runner.report.chart.Exhibit;
import dev.kvasir.runner.report.plot.Frame;
import dev.kvasir.runner.report.plot.Palette;
import dev.kvasir.runner.report.plot.Plot;
import dev.kvasir.runner.report.plot.Xml;
import java.util.List;

/** Writes a report as HTML. */
public final class ReportPage {
    private final Report report;
    private final Palette palette;
    private final FileNames files;
    private final StringBuilder html = new StringBuilder(1 << 16);
    private int plots;

    /** A page for a report, whose plots have these colours and are also in these files beside the page. */
    public ReportPage(Report report, Palette palette, FileNames files) {
        this.report = report;
        this.palette = palette;
        this.files = files;
    }

    /** The whole page. */
    public String html() {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
                .append(Xml.text(report.title()))
                .append("</title>\n<style>\n")
                .append(Stylesheet.text())
                .append("</style>\n</head>\n<body>\n");
        header();
        html.append("<main>\n");
        for (int i = 0; i < report.sections().size(); i++) {
            section(report.sections().get(i), i);
        }
        skipped();
        html.append("</main>\n<footer><p>Written by Kvasir ")
                .append(Xml.text(report.origin().version()))
                .append(". The numbers are in <code>results.jsonl</code> and <code>results.csv</code> beside this page.</p></footer>\n")
                .append("</body>\n</html>\n");
        return html.toString();
    }

    private void header() {
        html.append("<header>\n<h1>").append(Xml.text(report.title())).append("</h1>\n");
        paragraphs(report.summary(), "summary");
        Report.Origin origin = report.origin();
        html.append("<dl class=\"origin\">\n");
        entry("Command", "<code>" + Xml.text(origin.command()) + "</code>");
        entry("Model", Xml.text(origin.model()) + " <code class=\"hash\">" + Xml.text(origin.modelHash()) + "</code>");
        entry("Machine", Xml.text(origin.machine()));
        entry("Version", Xml.text(origin.version()));
        entry("Seed", Long.toString(origin.seed()));
        entry("Date", Xml.text(origin.date()));
        html.append("</dl>\n");
        if (report.sections().size() > 2) {
            html.append("<nav aria-label=\"Sections\"><ol>\n");
            for (int i = 0; i < report.sections().size(); i++) {
                html.append("<li><a href=\"#section-")
                        .append(i + 1)
                        .append("\">")
                        .append(Xml.text(report.sections().get(i).title()))
                        .append("</a></li>\n");
            }
            html.append("</ol></nav>\n");
        }
        html.append("</header>\n");
    }

    private void entry(String name, String value) {
        html.append("<div><dt>").append(name).append("</dt><dd>").append(value).append("</dd></div>\n");
    }

    private void paragraphs(String text, String kind) {
        for (String paragraph : text.strip().split("\\n\\s*\\n")) {
            if (!paragraph.isBlank()) {
                html.append("<p class=\"")
                        .append(kind)
                        .append("\">")
                        .append(Xml.text(paragraph.strip()))
                        .append("</p>\n");
            }
        }
    }

    private void section(ReportSection section, int index) {
        html.append("<section id=\"section-").append(index + 1).append("\">\n<h2>");
        html.append(Xml.text(section.title())).append("</h2>\n");
        paragraphs(section.text(), "text");
        if (!section.findings().isEmpty()) {
            html.append("<ul class=\"findings\">\n");
            section.findings()
                    .forEach(finding -> html.append("<li>").append(Xml.text(finding)).append("</li>\n"));
            html.append("</ul>\n");
        }
        for (Exhibit exhibit : section.exhibits()) {
            figure(exhibit);
        }
        html.append("</section>\n");
    }

    private void figure(Exhibit exhibit) {
        html.append("<figure>\n<h3>").append(Xml.text(exhibit.title())).append("</h3>\n");
        if (exhibit instanceof DataTable table) {
            table(table);
            caption(exhibit);
        } else if (Reading.isEmpty(exhibit)) {
            html.append("<p class=\"empty\">Nothing was measured that this chart could show.</p>\n");
            caption(exhibit);
        } else {
            plot(exhibit);
        }
        html.append("</figure>\n");
    }

    private void plot(Exhibit exhibit) {
        Plot plot = new Plot(exhibit, palette);
        plots++;
        html.append("<div class=\"plot\" role=\"img\" aria-label=\"")
                .append(Xml.attribute(exhibit.title() + ". " + Reading.sentence(exhibit)))
                .append("\">\n<div class=\"wide\">")
                .append(plot.svgForPage(Frame.WIDE, "w" + plots + "-"))
                .append("</div>\n<div class=\"narrow\">")
                .append(plot.svgForPage(Frame.NARROW, "n" + plots + "-"))
                .append("</div>\n</div>\n");
        caption(exhibit);
        String file = files.of(exhibit);
        html.append("<div class=\"behind\"><details><summary>Numbers</summary>\n");
        table(Reading.table(exhibit));
        html.append("</details><p class=\"files\">");
        link(file + ".svg", "SVG");
        html.append(' ');
        link(file + ".png", "PNG");
        html.append("</p></div>\n");
    }

    private void link(String file, String name) {
        html.append("<a href=\"").append(Xml.attribute(file)).append("\">").append(name).append("</a>");
    }

    private void caption(Exhibit exhibit) {
        if (!exhibit.caption().isBlank()) {
            html.append("<figcaption>").append(Xml.text(exhibit.caption())).append("</figcaption>\n");
        }
    }

    private void table(DataTable table) {
        if (table.rows().isEmpty()) {
            html.append("<p class=\"empty\">This table has no rows.</p>\n");
            return;
        }
        html.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Xml.attribute(table.title()))
                .append("\"><table>\n<thead><tr>");
        for (DataTable.Column column : table.columns()) {
            html.append("<th scope=\"col\"")
                    .append(kind(column))
                    .append('>')
                    .append(Xml.text(column.name()))
                    .append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : table.rows()) {
            html.append("<tr>");
            for (int c = 0; c < row.size(); c++) {
                String tag = c == 0 ? "th" : "td";
                html.append('<')
                        .append(tag)
                        .append(c == 0 ? " scope=\"row\"" : "")
                        .append(kind(table.columns().get(c)));
                html.append('>').append(Xml.text(row.get(c))).append("</").append(tag).append('>');
            }
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    private static String kind(DataTable.Column column) {
        return column.kind() == DataTable.Kind.NUMBER ? " class=\"number\"" : "";
    }

    private void skipped() {
        if (report.skipped().isEmpty()) {
            return;
        }
        html.append("<section id=\"skipped\">\n<h2>Skipped cells</h2>\n");
        table(new DataTable("Skipped cells", "",
                List.of(DataTable.Column.text("cell"), DataTable.Column.text("reason")),
                report.skipped().stream().map(cell -> List.of(cell.cell(), cell.reason())).toList()));
        html.append("</section>\n");
    }
}
