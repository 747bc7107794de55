package dev.kvasir.lab.run;

import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Row;
import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ResultFileTest {
    private static final Cell A = new Cell(Map.of("length", "1"), Optional.empty(), 1);
    private static final Cell B = new Cell(Map.of("length", "2"), Optional.empty(), 2);

    @TempDir
    private Path folder;

    private static List<Line> lines(Cell cell, int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> Line.measured("test", cell, Row.empty().on("layer", i).with("x", i + 0.5), i, rows,
                        Map.of("seed", 3)))
                .toList();
    }

    @Test
    void whatWasAppendedIsThereAfterwards() throws IOException {
        try (var file = ResultFile.open(folder)) {
            file.append(lines(A, 2));
            assertThat(file.done(A)).hasSize(2);
            assertThat(file.done(B)).isEmpty();
        }
        try (var file = ResultFile.open(folder)) {
            assertThat(file.done(A)).isEqualTo(lines(A, 2));
            assertThat(file.done(A).get(1).result().axes()).isEqualTo(Map.of("length", "1", "layer", "1"));
            assertThat(file.done(A).get(1).result().number("x")).isEqualTo(1.5);
        }
    }

    @Test
    void aTornLastLineIsCutOffAndItsCellIsNotDone() throws IOException {
        try (var file = ResultFile.open(folder)) {
            file.append(lines(A, 1));
            file.append(lines(B, 2));
        }
        Path path = folder.resolve(ResultFile.NAME);
        byte[] bytes = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(bytes, bytes.length - 9));

        try (var file = ResultFile.open(folder)) {
            assertThat(file.done(A)).hasSize(1);
            assertThat(file.done(B)).isEmpty();
            file.append(lines(B, 2));
            assertThat(file.done(B)).hasSize(2);
        }
        assertThat(Files.readAllLines(path)).hasSize(4).allSatisfy(line -> assertThat(Line.of(line)).isNotNull());
    }

    @Test
    void aDamagedLineAmongOthersIsNamed() throws IOException {
        try (var file = ResultFile.open(folder)) {
            file.append(lines(A, 1));
        }
        Path path = folder.resolve(ResultFile.NAME);
        Files.writeString(path, "{\"cell\":\n" + Files.readString(path));

        assertThatThrownBy(() -> ResultFile.open(folder)).isInstanceOf(FailureException.class)
                .hasMessageContaining("line 1 is not a result");
    }

    @Test
    void skippedCellsAreDoneAndFailedOnesAreTriedAgain() throws IOException {
        try (var file = ResultFile.open(folder)) {
            file.append(List.of(Line.skipped("test", A, "too small", Map.of())));
            file.append(List.of(Line.failed("test", B, "broke", Map.of())));
            assertThat(file.done(A)).singleElement()
                    .satisfies(line -> assertThat(line.skipped()).isEqualTo("too small"));
            assertThat(file.done(B)).isEmpty();
            file.append(lines(B, 1));
            assertThat(file.done(B)).isEqualTo(lines(B, 1));
        }
    }

    @Test
    void aFullDiskIsASentenceAndKeepsWhatWasMeasured() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        try (var file = new ResultFile(full, FileChannel.open(full, StandardOpenOption.WRITE))) {
            assertThatThrownBy(() -> file.append(lines(A, 1))).isInstanceOf(FailureException.class)
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("--resume");
            assertThat(file.done(A)).isEmpty();
        }
    }
}
