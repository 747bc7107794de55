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
 * {@code results.jsonl}: lines are appended and never changed, all lines of a cell in one write. So earlier results
 * survive any end of the run. If the last line is incomplete, a resumed run cuts it off and measures its cell again.
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
     * Opens the file of an output folder for appending after the last whole line. Creates it if it does not exist.
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
     * Reads the file of an output folder without changing it.
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

    /** Reads the lines and returns the number of bytes of the complete ones. */
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
                            "%s, line %d is not a result (%s): remove the line, and its cell is measured again"
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
     * @throws FailureException if they cannot be written; the file then holds all earlier lines and none of these
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
            // a resumed run cuts off the incomplete line
        }
    }

    /** The cells that have lines, in the order in which they were first measured. Their cache options are unknown. */
    List<Cell> cells() {
        return cells.keySet().stream().map(axes -> new Cell(axes, Optional.empty(), 0)).toList();
    }

    /** The lines of a cell if it is done, which means that it has all its rows or was skipped; otherwise empty. */
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
