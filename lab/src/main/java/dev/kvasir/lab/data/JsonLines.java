package dev.kvasir.lab.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.lab.DataProblems;
import dev.kvasir.model.FailureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A file with one JSON object per line, in UTF-8, with or without a byte-order mark. Line numbers start at 1; lines end
 * with LF or CRLF.
 */
public final class JsonLines {
    private final Path file;

    /** @throws FailureException if there is no such file, or it cannot be read */
    public JsonLines(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new FailureException("there is no data file %s".formatted(file));
        }
        if (!Files.isReadable(file)) {
            throw new FailureException("the data file %s cannot be read: check its permissions".formatted(file));
        }
        this.file = file;
    }

    /**
     * The path that the user has given.
     *
     * @throws FailureException if it is not a path
     */
    public static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new FailureException("'%s' is not a path: %s".formatted(name, e.getReason()), e);
        }
    }

    /**
     * The numbers of the lines that can be used. Empty lines are skipped.
     *
     * @param problem returns the problem of an object, if it has one
     * @param dataProblems receives every line that cannot be used, and a file that has no line with an object
     */
    public List<Integer> usable(Function<JsonNode, Optional<String>> problem, DataProblems dataProblems) {
        List<Integer> numbers = new ArrayList<>();
        int number = 0;
        int filled = 0;
        try (ByteLines lines = ByteLines.open(file)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                number++;
                if (ByteLines.isBlank(line)) {
                    continue;
                }
                filled++;
                Optional<String> wrong = problem(line, problem);
                if (wrong.isEmpty()) {
                    numbers.add(number);
                } else {
                    dataProblems.report("%s, line %d: %s".formatted(file, number, wrong.get()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (filled == 0) {
            dataProblems.report("%s is empty: it has no line with a JSON object".formatted(file));
        }
        return numbers;
    }

    private static Optional<String> problem(byte[] line, Function<JsonNode, Optional<String>> problem) {
        try {
            return problem.apply(JsonObject.read(ByteLines.text(line)));
        } catch (CharacterCodingException e) {
            return Optional.of(ByteLines.notUtf8(line));
        } catch (JsonProcessingException e) {
            return Optional.of(JsonObject.sentence(e));
        }
    }

    /**
     * The object of a usable line.
     *
     * @throws FailureException if the file has changed and no longer has such a line
     */
    public JsonNode line(int number) {
        try (ByteLines lines = ByteLines.open(file)) {
            byte @Nullable [] line = lines.next();
            for (int i = 1; i < number && line != null; i++) {
                line = lines.next();
            }
            if (line == null) {
                throw new FailureException("%s has no line %d any more".formatted(file, number));
            }
            return JsonObject.read(ByteLines.text(line));
        } catch (CharacterCodingException | JsonProcessingException e) {
            throw new FailureException("%s, line %d has changed during the run and is broken now".formatted(file,
                    number), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The problem of a key that is missing or has a value that is not text. */
    public static Optional<String> missingText(JsonNode object, String key) {
        JsonNode value = object.path(key);
        return value.isTextual() ? Optional.empty() : Optional.of(wrong(object, key, "text"));
    }

    /** The sentence for a key that is missing, or has a value of another kind than {@code wanted}, such as {@code text}. */
    public static String wrong(JsonNode object, String key, String wanted) {
        return object.has(key)
                ? "'%s' is %s and must be %s".formatted(key, JsonObject.kind(object.path(key)), wanted)
                : "has no %s '%s'%s".formatted(wanted, key, JsonObject.nearKey(object, key));
    }
}
