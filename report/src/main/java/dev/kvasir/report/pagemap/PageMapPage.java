package dev.kvasir.report.pagemap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.DataTable.Column;
import dev.kvasir.report.page.Html;
import dev.kvasir.report.page.Stylesheet;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes the page map as HTML. Its script draws the map on a canvas, so that a long run stays one element. */
final class PageMapPage {
    private final String title;
    private final List<PageMapRun> runs;

    PageMapPage(String title, List<PageMapRun> runs) {
        this.title = title;
        this.runs = runs;
    }

    String html() {
        Html html = new Html(title, Stylesheet.text() + Stylesheet.resource(PageMapPage.class, "pagemap.css"));
        html.raw("<header>\n<h1>").text(title).raw("</h1>\n");
        String unit = runs.getFirst().unit();
        html.paragraphs(
                "Each row is a " + unit + " of the KV cache, each column a step. The colour shows where the " + unit
                        + " is and what happens to it. Choose a cell to read its text and its life.",
                "summary")
                .raw("</header>\n<main>\n");
        html.raw("<noscript><p class=\"empty\">The map needs JavaScript. The numbers below do not.</p></noscript>\n")
                .raw(Stylesheet.resource(PageMapPage.class, "pagemap.html"));
        for (int i = 0; i < runs.size(); i++) {
            PageMapRun run = runs.get(i);
            html.raw("<section class=\"run\" data-run=\"" + i + "\"", i == 0 ? "" : " hidden", ">\n<h2>Numbers</h2>\n")
                    .raw("<dl class=\"origin\">\n");
            run.facts()
                    .forEach((name, fact) -> html.raw("<div><dt>")
                            .text(name)
                            .raw("</dt><dd>")
                            .text(fact)
                            .raw("</dd></div>\n"));
            html.raw("</dl>\n").table(numbers(run)).raw("</section>\n");
        }
        html.raw("</main>\n<script type=\"application/json\" id=\"runs\">", json(), "</script>\n<script>\n",
                Stylesheet.resource(PageMapPage.class, "pagemap.js"), "</script>\n");
        return html.end();
    }

    /** The number of events of each kind in each layer. */
    private static DataTable numbers(PageMapRun run) {
        List<Column> columns = Stream.concat(Stream.of(Column.text("layer")), run.kinds().stream().map(Column::number))
                .toList();
        List<List<String>> rows = new ArrayList<>();
        long[] totals = new long[run.kinds().size()];
        run.events().streams().forEach((layer, groups) -> {
            long[] counts = IntStream.range(0, totals.length)
                    .mapToLong(kind -> groups.values().stream().mapToLong(stream -> stream.count(kind)).sum())
                    .toArray();
            rows.add(row(Integer.toString(layer), counts));
            for (int kind = 0; kind < totals.length; kind++) {
                totals[kind] += counts[kind];
            }
        });
        rows.add(row("all", totals));
        return new DataTable("Events by layer", "", columns, rows);
    }

    private static List<String> row(String name, long[] counts) {
        return Stream.concat(Stream.of(name), IntStream.range(0, counts.length)
                .mapToObj(kind -> Long.toString(counts[kind]))).toList();
    }

    /** The runs for the script; no text of a token can end the script element. */
    private String json() {
        try {
            return new ObjectMapper().writeValueAsString(runs.stream().map(PageMapPage::data).toList())
                    .replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts do not become JSON", e);
        }
    }

    private static Map<String, Object> data(PageMapRun run) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", run.name());
        data.put("unit", run.unit());
        data.put("tokensPerPage", run.tokensPerPage());
        data.put("promptTokens", run.promptTokens());
        data.put("steps", run.events().lastStep());
        data.put("pages", run.pages());
        data.put("layers", run.layers());
        data.put("groups", run.groups());
        data.put("kinds", run.kinds());
        data.put("states", run.states());
        data.put("texts", run.texts());
        List<Object> streams = new ArrayList<>();
        run.events()
                .streams()
                .forEach((layer, groups) -> groups.forEach((group, stream) -> streams.add(Map.of("layer", layer,
                        "group", group, "count", stream.count(), "events",
                        Base64.getEncoder().encodeToString(stream.bytes())))));
        data.put("streams", streams);
        return data;
    }
}
