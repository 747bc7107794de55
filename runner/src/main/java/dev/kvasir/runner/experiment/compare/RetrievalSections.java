package dev.kvasir.runner.experiment.compare;

import dev.kvasir.runner.experiment.Grid;
import dev.kvasir.runner.experiment.Results;
import dev.kvasir.runner.report.ReportSection;
import dev.kvasir.runner.report.chart.Axis;
import dev.kvasir.runner.report.chart.Estimate;
import dev.kvasir.runner.report.chart.Exhibit;
import dev.kvasir.runner.report.chart.HeatMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows how often something hidden was found, by length, budget and policy, and at which depths. */
public final class RetrievalSections {
    private RetrievalSections() {}

    /** One section for each value of {@code axis}, such as {@code length}; {@code what} names it: {@code passkey at %s tokens}. */
    public static List<ReportSection> over(Results results, String axis, String what, Score score, String text) {
        Contestants contestants = new Contestants(results);
        List<ReportSection> sections = new ArrayList<>();
        String introduction = text;
        for (String value : results.values(axis)) {
            var comparison = new Comparison(results.at(axis, value), what.formatted(value), score, contestants);
            sections.add(new ReportSection(what.formatted(value), introduction, comparison.findings(),
                    List.of(comparison.chart(), comparison.table())));
            introduction = "";
        }
        return sections;
    }

    /** Depth by length in colours, one map for each contestant and budget. */
    public static ReportSection depths(Results results, Score score) {
        Contestants contestants = new Contestants(results);
        List<String> lengths = results.values("length");
        List<String> depths = results.values("depth");
        List<Exhibit> maps = new ArrayList<>();
        contestants.split(results).forEach((name, own) -> own.by(Grid.BUDGET).forEach((budget, at) -> {
            List<List<Double>> cells = new ArrayList<>();
            for (String depth : depths) {
                List<Double> row = new ArrayList<>();
                for (String length : lengths) {
                    Results here = at.at("depth", depth).at("length", length);
                    Estimate estimate = here.isEmpty() ? Estimate.MISSING : score.of(here);
                    row.add(estimate.value());
                }
                cells.add(row);
            }
            String kept = budget.get(0).equals(Contestants.UNLIMITED) ? "everything kept" : "budget " + budget.get(0);
            maps.add(new HeatMap("%s, %s".formatted(name, kept), "", "length (tokens)", lengths, "depth (%)",
                    depths.stream().map(RetrievalSections::percent).toList(), Axis.share("found"), cells));
        }));
        return new ReportSection("Where it was found",
                "Depth is the share of the text before what is hidden: 0 % is the start, 100 % the end.", maps);
    }

    private static String percent(String depth) {
        return String.format(Locale.ROOT, "%.0f", 100 * Double.parseDouble(depth));
    }
}
