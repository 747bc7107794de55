package dev.kvasir.lab;

import dev.kvasir.report.ReportSection;
import java.util.List;

/**
 * Something to measure over a grid of cells: {@code runner.jar experiment NAME}. One class each, without state of its own,
 * found by {@link #name} in {@link Experiments}: a {@link java.util.ServiceLoader} service.
 *
 * <p>The runner walks the cells, writes each result down as soon as it is there, leaves out those that a previous run
 * measured, and shows what there is at the end.
 */
public interface Experiment {

    /** The name users type. */
    String name();

    /** One line for the list of experiments: what is measured. */
    String summary();

    /** The table or figure this reproduces, such as {@code table 1 of the paper}. */
    String reproduces();

    /** How long {@code --quick} takes on two cores with the bundled model, such as {@code 40 s}; shown by {@code --help}. */
    String quickTime();

    /**
     * What users can set, each an option of its own on the command line. Those of {@link Parameters} mean the same in
     * every experiment; {@code kv}, {@code budget}, {@code page-size} and {@code digest} make the caches of the grid.
     */
    List<Parameter> parameters();

    /**
     * The grid, in the order in which it is walked.
     *
     * @throws IllegalArgumentException if the settings make no sense: wrong usage
     */
    List<Cell> cells(Settings settings);

    /**
     * Measures one cell.
     *
     * @return its rows; a cell is done when all of them are written
     * @throws SkippedException if this cell cannot be, such as a budget under its floor: listed with its reason
     * @throws StoppedException if the user wants it ended
     */
    List<Row> run(Cell cell, Lab lab);

    /**
     * What people read: charts, tables and what the statistics say of the results so far, perhaps of a part of the grid
     * only. The tables also go to stdout.
     */
    List<ReportSection> sections(Results results);
}
