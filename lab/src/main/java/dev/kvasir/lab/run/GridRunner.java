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
 * Measures the grid of an experiment. Skips the cells that are done already, and writes each new cell to the file at
 * once.
 *
 * @param origin conditions of the measurement
 * @param faults whether a fault in a cell ends the run
 * @param sentence describes a fault in one sentence
 */
public record GridRunner(Origin origin, Faults faults, Function<Throwable, String> sentence) {
    private static final Logger LOG = LoggerFactory.getLogger(GridRunner.class);

    /** The effect of a fault in a cell. */
    public enum Faults {
        /** The fault ends the run. */
        STOP,
        /** The fault is written to the file, and the next cell follows. */
        KEEP_GOING
    }

    /** Receives the progress of the run. */
    public interface Progress extends AutoCloseable {
        /** A cell is done: measured now, or found in the file ({@code wasThere}). */
        void step(String cell, boolean wasThere);

        @Override
        void close();
    }

    /** A cell without a result, with the reason. */
    public record Left(Cell cell, String reason) {}

    /**
     * The state of a grid after a run.
     *
     * @param results all results, in the order of the grid
     * @param skipped cells that cannot be measured
     * @param failed cells with a fault
     * @param remaining number of cells that were not reached
     */
    public record Walk(Results results, List<Left> skipped, List<Left> failed, int remaining) {}

    /**
     * Measures the cells that are not yet in the file, until all are done or the user interrupts.
     *
     * @throws FailureException if a fault ends the run, or the results cannot be written; earlier results are in the
     *             file
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
                        "%s, at %s; the cells before it are kept: run the same command with --resume to try again, or with --keep-going to leave such cells out"
                                .formatted(what, cell.label()),
                        e);
            }
            LOG.debug("{}", cell.label(), e);
            return List.of(Line.failed(experiment.name(), cell, what, about));
        }
    }

    /** The state of a grid according to the file. */
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
