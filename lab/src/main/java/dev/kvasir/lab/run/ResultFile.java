package dev.kvasir.lab.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kvasir.lab.Cell;
import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code results.jsonl}: lines are added and never changed, those of a cell in one write. Whatever ends the run, what was
 * measured before is there; a last line that was torn is cut off when the run is resumed, and its cell measured again.
 */
public final class ResultFile implements AutoCloseable {
    /** Its name in the output folder. */
    public static final String NAME = "results.jsonl";

    private final Path path;
    private final FileChannel channel;
    private final Map<Map<String, String>, List<Line>> cells = new LinkedHashMap<>();

    ResultFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens the file of an output folder, to go on behind the last whole line; makes one if there is none.
     *
     * @throws FailureException if a line before the last is damaged
     */
    public static ResultFile open(Path folder) throws IOException {
        Path path = folder.resolve(NAME);
        byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        ResultFile file = new ResultFile(path,
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            long whole = file.read(bytes);
            file.channel.truncate(whole).position(whole);
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Reads the file of an output folder, which is left as it is.
     *
     * @throws FailureException if a line before the last is damaged
     */
    static ResultFile look(Path folder) throws IOException {
        Path path = folder.resolve(NAME);
        ResultFile file = new ResultFile(path, FileChannel.open(path, StandardOpenOption.READ));
        try {
            file.read(Files.readAllBytes(path));
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Takes in the lines and returns how many bytes the whole ones have. */
    private long read(byte[] bytes) {
        int start = 0;
        for (int number = 1; start < bytes.length; number++) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            try {
                if (end == bytes.length) {
                    break; // torn
                }
                keep(Line.of(new String(bytes, start, end - start, StandardCharsets.UTF_8)));
            } catch (JsonProcessingException e) {
                if (end + 1 < bytes.length) {
                    throw new FailureException(
                            "%s, line %d is no result (%s): remove the line, and its cell is measured again"
                                    .formatted(path, number, e.getOriginalMessage()),
                            e);
                }
                break; // torn
            }
            start = end + 1;
        }
        return start;
    }

    private void keep(Line line) {
        List<Line> lines = cells.computeIfAbsent(line.cell(), cell -> new ArrayList<>());
        if (line.row() == 0) {
            lines.clear(); // measured again
        }
        lines.add(line);
    }

    /**
     * Adds all lines of a cell.
     *
     * @throws FailureException if they cannot be written: none of them is then in the file, and those before are
     */
    void append(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.toJson()));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
        long start = -1;
        try {
            start = channel.position();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            cutOff(start);
            throw new FailureException(
                    "%s cannot be written (%s): the %d cells before this one are kept; make room, then run the same again with --resume"
                            .formatted(path, e.getMessage(), cells.size()),
                    e);
        }
        lines.forEach(this::keep);
    }

    private void cutOff(long start) {
        try {
            if (start >= 0) {
                channel.truncate(start);
            }
        } catch (IOException e) {
            // the torn line is cut off when the run is resumed
        }
    }

    /** The cells that have lines, in the order in which they were first measured; what their caches were is not known. */
    List<Cell> cells() {
        return cells.keySet().stream().map(axes -> new Cell(axes, Optional.empty(), 0)).toList();
    }

    /** The lines of a cell if it is done: measured in all its rows, or skipped; else none. */
    List<Line> done(Cell cell) {
        List<Line> lines = cells.getOrDefault(cell.axes(), List.of());
        boolean isDone = !lines.isEmpty() && lines.size() == lines.get(0).rows() && lines.get(0).failed().isEmpty();
        return isDone ? List.copyOf(lines) : List.of();
    }

    /** The lines of a cell, whether it is done or not. */
    List<Line> lines(Cell cell) {
        return List.copyOf(cells.getOrDefault(cell.axes(), List.of()));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
