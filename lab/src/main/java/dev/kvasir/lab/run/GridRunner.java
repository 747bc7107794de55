package dev.kvasir.lab.run;

import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.SkippedException;
import dev.kvasir.lab.StoppedException;
import dev.kvasir.model.FailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the grid of an experiment: leaves out what is done already, and writes down each cell as soon as it is measured.
 *
 * @param origin what the results are measured with
 * @param faults what becomes of a cell in which something goes wrong
 * @param sentence what went wrong, as one sentence
 */
public record GridRunner(Origin origin, Faults faults, Function<Throwable, String> sentence) {
    private static final Logger LOG = LoggerFactory.getLogger(GridRunner.class);

    /** What becomes of a cell in which something goes wrong. */
    public enum Faults {
        /** It ends the run. */
        STOP,
        /** It is written down, and the next cell follows. */
        KEEP_GOING
    }

    /** Told how far the walk is. */
    public interface Progress extends AutoCloseable {
        /** A cell was measured, or found measured. */
        void step(String cell, boolean wasThere);

        @Override
        void close();
    }

    /** A cell without a result and the reason. */
    public record Left(Cell cell, String reason) {}

    /**
     * What there is after a walk.
     *
     * @param results what was measured, in the order of the grid
     * @param skipped cells that cannot be measured
     * @param failed cells in which something went wrong
     * @param remaining cells that were not come to
     */
    public record Walk(Results results, List<Left> skipped, List<Left> failed, int remaining) {}

    /**
     * Measures what is not yet in the file, until all is or the user wants it ended.
     *
     * @throws FailureException if something goes wrong and the run is to end with it, or the results cannot be written;
     *             what was measured before is in the file
     */
    public void walk(Experiment experiment, List<Cell> cells, Lab lab, ResultFile file, Progress progress) {
        for (Cell cell : cells) {
            if (!file.done(cell).isEmpty()) {
                progress.step(cell.label(), true);
                continue;
            }
            try {
                lab.checkStopped();
                file.append(measure(experiment, cell, lab));
            } catch (StoppedException e) {
                return;
            }
            progress.step(cell.label(), false);
        }
    }

    private List<Line> measure(Experiment experiment, Cell cell, Lab lab) {
        Map<String, Object> about = origin.of(cell);
        try {
            long start = System.nanoTime();
            List<Row> rows = experiment.run(cell, lab);
            about.put("seconds", (System.nanoTime() - start) / 1e9);
            List<Line> lines = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                lines.add(Line.measured(experiment.name(), cell, rows.get(i), i, rows.size(), about));
            }
            return rows.isEmpty()
                    ? List.of(Line.skipped(experiment.name(), cell, "there was nothing to measure", about))
                    : lines;
        } catch (SkippedException e) {
            return List.of(Line.skipped(experiment.name(), cell, e.reason(), about));
        } catch (StoppedException e) {
            throw e;
        } catch (RuntimeException e) {
            String what = sentence.apply(e);
            if (faults == Faults.STOP) {
                throw new FailureException(
                        "%s, at %s; the cells before it are kept: run the same again with --resume to try once more, or with --keep-going to leave such cells out"
                                .formatted(what, cell.label()),
                        e);
            }
            LOG.debug("{}", cell.label(), e);
            return List.of(Line.failed(experiment.name(), cell, what, about));
        }
    }

    /** What the file holds of a grid. */
    public static Walk found(List<Cell> cells, ResultFile file) {
        List<Result> results = new ArrayList<>();
        List<Left> skipped = new ArrayList<>();
        List<Left> failed = new ArrayList<>();
        int remaining = 0;
        for (Cell cell : cells) {
            List<Line> done = file.done(cell);
            for (Line line : done) {
                if (line.isMeasured()) {
                    results.add(line.result());
                } else {
                    skipped.add(new Left(cell, line.skipped()));
                }
            }
            if (done.isEmpty()) {
                List<Line> lines = file.lines(cell);
                if (!lines.isEmpty() && !lines.get(0).failed().isEmpty()) {
                    failed.add(new Left(cell, lines.get(0).failed()));
                } else {
                    remaining++;
                }
            }
        }
        return new Walk(new Results(results), skipped, failed, remaining);
    }
}
