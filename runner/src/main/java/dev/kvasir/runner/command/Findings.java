package dev.kvasir.runner.command;

import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Illustrated;
import dev.kvasir.lab.run.CsvFile;
import dev.kvasir.lab.run.GridRunner.Left;
import dev.kvasir.lab.run.GridRunner.Walk;
import dev.kvasir.lab.run.Manifest;
import dev.kvasir.lab.run.Origin;
import dev.kvasir.lab.run.ResultFile;
import dev.kvasir.model.FailureException;
import dev.kvasir.report.Report;
import dev.kvasir.report.ReportSection;
import dev.kvasir.report.Table;
import dev.kvasir.report.Table.Align;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.gallery.GalleryScene;
import dev.kvasir.report.gallery.GalleryWriter;
import dev.kvasir.report.page.ReportWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The results of an experiment, as a report, as text on stdout, and as notes on stderr. */
record Findings(Experiment experiment, Walk walk, Manifest manifest, Origin origin) {
    private static final int COLUMNS = 100; // the widest table on stdout

    /** The report. */
    Report report() {
        Map<String, String> about = manifest.circumstances();
        var how = new Report.Origin(about.getOrDefault(Manifest.COMMAND, ""), origin.model(), origin.modelHash(),
                "%s; engine %s on %d threads".formatted(origin.machine(), origin.engine(), origin.threads()),
                "Kvasir %s (%s), Java %s".formatted(origin.provenance().fact("version"),
                        origin.provenance().fact("build_commit"), origin.provenance().fact("java_version")),
                origin.seed(),
                about.getOrDefault("date", ""));
        List<Report.Skipped> left = new ArrayList<>();
        walk.skipped().forEach(cell -> left.add(new Report.Skipped(cell.cell().label(), cell.reason())));
        walk.failed().forEach(cell -> left.add(new Report.Skipped(cell.cell().label(), "failed: " + cell.reason())));
        String progress = walk.remaining() == 0
                ? ""
                : " The run was ended with %d cells to go.".formatted(walk.remaining());
        return new Report(experiment.name(), "Measures %s. Reproduces %s.%s".formatted(experiment.summary(),
                experiment.reproduces(), progress), how, sections(), left);
    }

    private List<ReportSection> sections() {
        return walk.results().isEmpty() ? List.of() : experiment.sections(walk.results());
    }

    /** Prints tables and findings in Markdown. */
    void print(PrintWriter out) {
        for (ReportSection section : sections()) {
            for (var figure : section.figures()) {
                if (figure instanceof DataTable table) {
                    out.printf("%s%n%n%s%n", table.title(), text(table).within(COLUMNS));
                }
            }
            section.findings().forEach(finding -> out.println("* " + finding));
            if (!section.findings().isEmpty()) {
                out.println();
            }
        }
    }

    private static Table text(DataTable data) {
        Table table = new Table();
        data.columns()
                .forEach(column -> table.column(column.name(),
                        column.kind() == DataTable.Kind.NUMBER ? Align.RIGHT : Align.LEFT));
        data.rows().forEach(row -> table.row(row.toArray(String[]::new)));
        return table;
    }

    /**
     * Writes {@code results.csv}, {@code report.html}, the plots, and the gallery of experiments that have one.
     *
     * @param results where the results are, from which the report can be written again
     * @throws FailureException if there is no room or no permission; the results are not touched
     */
    void write(Path folder, Path results) {
        try {
            CsvFile.write(folder, walk.results());
            Report report = report();
            ReportWriter.write(report, folder);
            List<GalleryScene> scenes = experiment instanceof Illustrated illustrated
                    ? illustrated.scenes(walk.results())
                    : List.of();
            if (!scenes.isEmpty()) {
                GalleryWriter.write(report.origin(), scenes, folder);
            }
        } catch (IOException e) {
            throw new FailureException(
                    "the report cannot be written in %s (%s): all %d results are kept in %s; make room or name another folder, with `kvasir report %s -o DIR`"
                            .formatted(folder, Sentences.of(e), walk.results().size(), ResultFile.NAME, results),
                    e);
        }
    }

    /** Prints which cells were left out and why, and the folder of the others. */
    void printLeft(PrintWriter err, Path folder, List<Path> measured) {
        printReasons(err, "skipped", walk.skipped());
        printReasons(err, "failed", walk.failed());
        if (walk.remaining() > 0) {
            String more = measured.stream()
                    .map(run -> "`kvasir experiment %s --resume -o %s`".formatted(experiment.name(), run))
                    .collect(Collectors.joining(" or "));
            err.printf("%d cells were not come to: continue with %s%s%n", walk.remaining(), more,
                    measured.contains(folder) ? "" : ", then write this report again");
        }
        int results = walk.results().size();
        err.printf("%d %s in %s, with report.html%n", results, results == 1 ? "result is" : "results are", folder);
        err.flush();
    }

    private static void printReasons(PrintWriter err, String what, List<Left> cells) {
        Map<String, List<Left>> byReason = new LinkedHashMap<>();
        cells.forEach(cell -> byReason.computeIfAbsent(cell.reason(), reason -> new ArrayList<>()).add(cell));
        byReason.forEach((reason, group) -> err.printf("%s %s%s: %s%n", what, group.get(0).cell().label(),
                group.size() == 1 ? "" : " and %d more".formatted(group.size() - 1), reason));
    }
}
