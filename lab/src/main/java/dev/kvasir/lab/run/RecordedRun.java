package dev.kvasir.lab.run;

import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.run.GridRunner.Left;
import dev.kvasir.lab.run.GridRunner.Walk;
import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run, read from the files {@code run.json} and {@code results.jsonl} of its folder. The files are not changed.
 *
 * @param manifest the settings of the run
 * @param walk the state of its grid
 * @param origin conditions of the last result
 */
public record RecordedRun(Manifest manifest, Walk walk, Origin origin) {

    /**
     * Reads a folder.
     *
     * @throws FailureException if it holds no results of a run, or damaged ones
     */
    public static RecordedRun read(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve(ResultFile.NAME))) {
            throw new FailureException(
                    "%s holds no %s: name the folder that an experiment was given with -o".formatted(folder,
                            ResultFile.NAME));
        }
        Manifest manifest = Manifest.read(folder)
                .orElseThrow(() -> new FailureException(
                        "%s holds results, but no %s that describes their run: put it back beside %s".formatted(folder,
                                Manifest.NAME, ResultFile.NAME)));
        try (ResultFile file = ResultFile.look(folder)) {
            List<Cell> cells = file.cells();
            Walk found = GridRunner.found(cells, file);
            int measured = cells.size() - found.remaining();
            int remaining = Math.max(found.remaining(), manifest.cells() - measured);
            Map<?, ?> origin = cells.isEmpty() ? Map.of() : file.lines(cells.getLast()).getLast().origin();
            return new RecordedRun(manifest, new Walk(found.results(), found.skipped(), found.failed(), remaining),
                    Origin.read(origin));
        }
    }

    /**
     * Joins runs of one experiment with the same model and the same settings outside the grid. If several runs have a
     * cell, the first one counts.
     *
     * @throws FailureException if the runs differ in more than their grids
     */
    public static RecordedRun join(List<Path> folders) throws IOException {
        List<Result> results = new ArrayList<>();
        List<Left> skipped = new ArrayList<>();
        List<Left> failed = new ArrayList<>();
        Set<Map<String, String>> seen = new HashSet<>();
        List<RecordedRun> runs = new ArrayList<>();
        int remaining = 0;
        for (Path folder : folders) {
            RecordedRun run = read(folder);
            runs.add(run);
            String difference = run.manifest.conflict(runs.getFirst().manifest);
            if (!difference.isEmpty()) {
                throw new FailureException("%s and %s cannot share a report: %s; make a report of each"
                        .formatted(folder, folders.getFirst(), difference));
            }
            new Provenance(run.manifest.provenance()).conflict(new Provenance(runs.getFirst().manifest.provenance()))
                    .ifPresent(changed -> {
                        throw new FailureException(
                                "%s and %s cannot share a report, because they come from different states: %s; measure one of them again, or make a report of each"
                                        .formatted(folder, folders.getFirst(), changed));
                    });
            Set<Map<String, String>> before = Set.copyOf(seen);
            run.walk.results().all().stream().filter(result -> !before.contains(result.axes())).forEach(result -> {
                seen.add(result.axes());
                results.add(result);
            });
            skipped.addAll(run.walk.skipped());
            failed.addAll(run.walk.failed());
            remaining += run.walk.remaining();
        }
        Map<String, String> about = new LinkedHashMap<>(runs.getFirst().manifest.circumstances());
        about.put(Manifest.COMMAND, runs.stream()
                .map(run -> run.manifest.circumstances().getOrDefault(Manifest.COMMAND, ""))
                .collect(Collectors.joining("; ")));
        return new RecordedRun(new Manifest(runs.getFirst().manifest.settings(), about,
                runs.getFirst().manifest.options(), runs.getFirst().manifest.provenance()),
                new Walk(new Results(results), skipped, failed, remaining), runs.getFirst().origin);
    }
}
