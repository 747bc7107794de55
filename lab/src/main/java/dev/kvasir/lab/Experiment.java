package dev.kvasir.lab;

import dev.kvasir.report.ReportSection;
import java.util.List;

/**
 * A measurement over a grid of cells: {@code runner.jar experiment NAME}. Each experiment is one class without state.
 * It is a {@link java.util.ServiceLoader} service, and {@link Experiments} lists all of them.
 *
 * <p>The runner measures cell after cell and writes each result to a file at once. It skips cells that a previous run
 * has measured. At the end it shows all results.
 */
public interface Experiment {

    /** The name on the command line. */
    String name();

    /** One line that describes the measurement, for the list of experiments. */
    String summary();

    /** The table or figure that this experiment reproduces, such as {@code table 1 of the paper}. */
    String reproduces();

    /** How long {@code --quick} takes on two cores with the bundled model, such as {@code 40 s}; shown by {@code --help}. */
    String quickTime();

    /**
     * The options of this experiment on the command line. Those of {@link Parameters} mean the same in every
     * experiment. The grid has a cell for each combination of {@code kv}, {@code budget}, {@code page-size} and
     * {@code digest}.
     */
    List<Parameter> parameters();

    /**
     * The grid, in the order of measurement.
     *
     * @throws IllegalArgumentException if the settings contradict each other; it counts as wrong usage
     */
    List<Cell> cells(Settings settings);

    /**
     * Measures one cell.
     *
     * @return its rows; a cell is done when all of them are written
     * @throws SkippedException if this cell cannot be measured, such as a budget under the policy's floor; the cell is
     *             listed with the reason
     * @throws StoppedException if the user has interrupted the run
     */
    List<Row> run(Cell cell, Lab lab);

    /**
     * The report: charts, tables and findings of the statistics. The results may cover only a part of the grid. The
     * tables also go to stdout.
     */
    List<ReportSection> sections(Results results);
}
