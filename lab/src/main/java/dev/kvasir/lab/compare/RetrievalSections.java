package dev.kvasir.lab.compare;

import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Results;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.Figure;
import dev.kvasir.report.chart.HeatMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Report sections for retrieval: how often the model found hidden text, by length, budget and policy, and by depth. */
public final class RetrievalSections {
    private RetrievalSections() {}

    /**
     * One section for each value of {@code axis}, such as {@code length}. {@code what} is the format of its heading:
     * {@code passkey at %s tokens}.
     */
    public static List<ReportSection> over(Results results, String axis, String what, Score score, String text) {
        Variants variants = new Variants(results);
        List<ReportSection> sections = new ArrayList<>();
        String introduction = text;
        for (String value : results.values(axis)) {
            var comparison = new Comparison(results.at(axis, value), what.formatted(value), score, variants);
            List<Figure> figures = new ArrayList<>(List.of(comparison.chart(), comparison.table()));
            ParetoTable.of(results.at(axis, value), what.formatted(value), score, variants).ifPresent(figures::add);
            sections.add(new ReportSection(what.formatted(value), introduction, comparison.findings(), figures));
            introduction = "";
        }
        return sections;
    }

    /**
     * Heat maps of depth by length, one for each variant and budget. If there is only one length, a single map has a
     * column for each of them.
     */
    public static ReportSection depths(Results results, Score score) {
        Variants variants = new Variants(results);
        List<String> lengths = results.values("length");
        Map<String, Results> columns = new LinkedHashMap<>();
        List<Figure> maps = new ArrayList<>();
        variants.split(results).forEach((name, own) -> own.by(Grid.BUDGET).forEach((budget, at) -> {
            boolean isUnlimited = budget.get(0).equals(Variants.UNLIMITED);
            columns.put(isUnlimited ? name : name + " " + budget.get(0), at);
            Map<String, Results> byLength = new LinkedHashMap<>();
            lengths.forEach(length -> byLength.put(length, at.at("length", length)));
            String kept = isUnlimited ? "everything kept" : "budget " + budget.get(0);
            maps.add(map("%s, %s".formatted(name, kept), "length (tokens)", byLength, results, score));
        }));
        if (lengths.size() == 1) {
            String title = "Found in %s tokens, by depth".formatted(lengths.getFirst());
            maps.clear();
            maps.add(map(title, "policy and budget", columns, results, score));
        }
        return new ReportSection("Where it was found",
                "Depth is the share of the text before the hidden part: 0 % is the start, 100 % the end.", maps);
    }

    private static HeatMap map(String title, String across, Map<String, Results> columns, Results all, Score score) {
        List<String> depths = all.values("depth");
        List<List<Double>> cells = depths.stream()
                .map(depth -> columns.values().stream().map(column -> value(column.at("depth", depth), score)).toList())
                .toList();
        return new HeatMap(title, "", across, List.copyOf(columns.keySet()), "depth (%)",
                depths.stream().map(RetrievalSections::percent).toList(), Axis.share("found"), cells);
    }

    private static double value(Results here, Score score) {
        return here.isEmpty() ? Double.NaN : score.of(here).value();
    }

    private static String percent(String depth) {
        return String.format(Locale.ROOT, "%.0f", 100 * Double.parseDouble(depth));
    }
}
