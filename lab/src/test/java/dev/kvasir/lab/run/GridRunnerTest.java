package dev.kvasir.lab.run;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Experiment;
import dev.kvasir.lab.Grid;
import dev.kvasir.lab.Lab;
import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.Settings;
import dev.kvasir.lab.SkippedException;
import dev.kvasir.lab.run.GridRunner.Faults;
import dev.kvasir.lab.run.GridRunner.Walk;
import dev.kvasir.model.FailureException;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.report.ReportSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GridRunnerTest {
    private static final Path STORIES = Path.of("..", "model", "src", "test", "resources", "stories260k",
            "stories260K-f32.gguf");
    private static final Origin ORIGIN = new Origin("model", "hash", "vector", 2, "", "machine",
            new Provenance(Map.of("version", "1")), 1);
    private static final Settings SETTINGS = new Settings(Map.of(), false, 1, policy -> CacheOptions.FULL);

    @TempDir
    private Path folder;
    private final AtomicBoolean isEndWanted = new AtomicBoolean();
    private final List<String> measured = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab(OpenModel.open(STORIES, EngineOptions.defaults().withThreads(1)), SETTINGS, isEndWanted::get);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Three cells: one is measured, one is skipped, one fails as long as a flag is set. */
    private final class ThreeCells implements Experiment {
        private final boolean breaks;

        ThreeCells(boolean breaks) {
            this.breaks = breaks;
        }

        @Override
        public String name() {
            return "three";
        }

        @Override
        public String summary() {
            return "nothing";
        }

        @Override
        public String reproduces() {
            return "nothing";
        }

        @Override
        public String quickTime() {
            return "no time";
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }

        @Override
        public List<Cell> cells(Settings settings) {
            return Grid.of(settings).over("kind", List.of("good", "impossible", "fragile")).cells();
        }

        @Override
        public List<Row> run(Cell cell, Lab where) {
            measured.add(cell.text("kind"));
            if (cell.text("kind").equals("impossible")) {
                throw new SkippedException("it cannot be");
            }
            if (cell.text("kind").equals("fragile") && breaks) {
                throw new IllegalStateException("broken");
            }
            return List.of(Row.empty().with("x", 1).on("layer", 0), Row.empty().with("x", 2).on("layer", 1));
        }

        @Override
        public List<ReportSection> sections(Results results) {
            return List.of();
        }
    }

    private Walk walk(Experiment experiment, Faults faults) throws IOException {
        List<Cell> cells = experiment.cells(SETTINGS);
        try (var file = ResultFile.open(folder)) {
            new GridRunner(ORIGIN, faults, e -> String.valueOf(e.getMessage())).walk(experiment, cells, lab, file,
                    new GridRunner.Progress() {
                        @Override
                        public void step(String cell, boolean wasThere) {
                            progress.add((wasThere ? "found " : "") + cell);
                        }

                        @Override
                        public void close() {}
                    });
            return GridRunner.found(cells, file);
        }
    }

    @Test
    void cellsThatCannotBeAreLeftOutWithTheirReason() throws IOException {
        Walk walk = walk(new ThreeCells(false), Faults.STOP);

        assertThat(walk.results().numbers("x")).containsExactly(1, 2, 1, 2);
        assertThat(walk.results().values("layer")).containsExactly("0", "1");
        assertThat(walk.skipped()).singleElement()
                .satisfies(left -> assertThat(left.reason()).isEqualTo("it cannot be"));
        assertThat(walk.remaining()).isZero();
    }

    @Test
    void aFaultEndsTheRunAndTheRunGoesOnThere() throws IOException {
        assertThatThrownBy(() -> walk(new ThreeCells(true), Faults.STOP)).isInstanceOf(FailureException.class)
                .hasMessageContaining("broken, at kind=fragile")
                .hasMessageContaining("--keep-going");
        measured.clear();

        Walk walk = walk(new ThreeCells(false), Faults.STOP);

        assertThat(measured).containsExactly("fragile");
        assertThat(progress).endsWith("found kind=good", "found kind=impossible", "kind=fragile");
        assertThat(walk.results().size()).isEqualTo(4);
    }

    @Test
    void withKeepGoingAFaultIsListedAndTriedAgainNextTime() throws IOException {
        Walk first = walk(new ThreeCells(true), Faults.KEEP_GOING);
        Walk second = walk(new ThreeCells(false), Faults.KEEP_GOING);

        assertThat(first.failed()).singleElement().satisfies(left -> assertThat(left.reason()).isEqualTo("broken"));
        assertThat(second.failed()).isEmpty();
        assertThat(second.results().size()).isEqualTo(4);
    }

    @Test
    void aWishToEndIsFollowedBeforeTheNextCell() throws IOException {
        isEndWanted.set(true);

        Walk walk = walk(new ThreeCells(false), Faults.STOP);

        assertThat(measured).isEmpty();
        assertThat(walk.remaining()).isEqualTo(3);
    }
}
