package dev.kvasir.report.page;

import dev.kvasir.report.Report;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.plot.Xml;
import java.util.List;

/** A builder for HTML with the parts that all pages share. */
public final class Html {
    /** Texts up to this number of characters stay on one line. */
    private static final int SHORT = 24;

    private final StringBuilder html = new StringBuilder(1 << 16);

    /** The head of a page, up to the start of its body. */
    public Html(String title, String style) {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
                .append(Xml.text(title))
                .append("</title>\n<style>\n")
                .append(style)
                .append("</style>\n</head>\n<body>\n");
    }

    /** Adds markup without escaping it. */
    public Html raw(String... markup) {
        for (String each : markup) {
            html.append(each);
        }
        return this;
    }

    /** Adds text, escaped. */
    public Html text(String text) {
        html.append(Xml.text(text));
        return this;
    }

    /** Adds text for an attribute, escaped. */
    public Html attribute(String text) {
        html.append(Xml.attribute(text));
        return this;
    }

    /** Adds plain text as paragraphs of a class. Empty lines separate paragraphs. */
    public Html paragraphs(String text, String kind) {
        for (String paragraph : text.strip().split("\\n\\s*\\n")) {
            if (!paragraph.isBlank()) {
                raw("<p class=\"", kind, "\">").text(paragraph.strip()).raw("</p>\n");
            }
        }
        return this;
    }

    /** Adds the origin of results. */
    public Html origin(Report.Origin origin) {
        raw("<dl class=\"origin\">\n<div><dt>Command</dt><dd><code>").text(origin.command());
        raw("</code></dd></div>\n<div><dt>Model</dt><dd>").text(origin.model());
        raw(" <code class=\"hash\">").text(origin.modelHash());
        raw("</code></dd></div>\n<div><dt>Machine</dt><dd>").text(origin.machine());
        raw("</dd></div>\n<div><dt>Version</dt><dd>").text(origin.version());
        raw("</dd></div>\n<div><dt>Seed</dt><dd>").text(Long.toString(origin.seed()));
        raw("</dd></div>\n<div><dt>Date</dt><dd>").text(origin.date());
        return raw("</dd></div>\n</dl>\n");
    }

    /** Adds a table with a scroll bar of its own if it is too wide. */
    public Html table(DataTable table) {
        if (table.rows().isEmpty()) {
            return raw("<p class=\"empty\">This table has no rows.</p>\n");
        }
        raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").attribute(table.title());
        raw("\"><table>\n<thead><tr>");
        for (DataTable.Column column : table.columns()) {
            raw("<th scope=\"col\"", kind(column, column.name()), ">").text(column.name()).raw("</th>");
        }
        raw("</tr></thead>\n<tbody>\n");
        for (List<String> row : table.rows()) {
            raw("<tr>");
            for (int c = 0; c < row.size(); c++) {
                String tag = c == 0 ? "th" : "td";
                String cell = row.get(c);
                raw("<", tag, c == 0 ? " scope=\"row\"" : "", kind(table.columns().get(c), cell), ">").text(cell);
                raw("</", tag, ">");
            }
            raw("</tr>\n");
        }
        return raw("</tbody></table></div>\n");
    }

    private static String kind(DataTable.Column column, String cell) {
        if (column.kind() == DataTable.Kind.NUMBER) {
            return " class=\"number\"";
        }
        return cell.length() <= SHORT ? " class=\"short\"" : "";
    }

    /** Ends and returns the page. Nothing may be added afterwards. */
    public String end() {
        return html.append("</body>\n</html>\n").toString();
    }
}
