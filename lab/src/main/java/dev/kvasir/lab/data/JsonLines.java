package dev.kvasir.lab.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.lab.DataProblems;
import dev.kvasir.model.FailureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A file with one JSON object per line. Line numbers start at 1. */
public final class JsonLines {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;

    /** @throws FailureException if there is no such file */
    public JsonLines(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new FailureException("there is no data file %s".formatted(file));
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
     * @param dataProblems receives every line that cannot be used
     */
    public List<Integer> usable(Function<JsonNode, Optional<String>> problem, DataProblems dataProblems) {
        List<Integer> numbers = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Optional<String> wrong = problem(line, problem);
                if (wrong.isEmpty()) {
                    numbers.add(number);
                } else {
                    dataProblems.report("%s, line %d: %s".formatted(file, number, wrong.get()));
                }
            }
        } catch (MalformedInputException e) {
            throw new FailureException("%s is not UTF-8 text".formatted(file), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return numbers;
    }

    private static Optional<String> problem(String line, Function<JsonNode, Optional<String>> problem) {
        try {
            JsonNode node = MAPPER.readTree(line);
            return node.isObject() ? problem.apply(node) : Optional.of("is not a JSON object");
        } catch (JsonProcessingException e) {
            return Optional
                    .of("is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse("it ends too early"));
        }
    }

    /**
     * The object of a usable line.
     *
     * @throws FailureException if the file has changed and no longer has such a line
     */
    public JsonNode line(int number) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (int i = 1; i < number; i++) {
                reader.readLine();
            }
            String line = reader.readLine();
            if (line == null) {
                throw new FailureException("%s has no line %d any more".formatted(file, number));
            }
            return MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new FailureException("%s, line %d is broken now: %s".formatted(file, number, e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The problem of a field that is missing or not text. */
    public static Optional<String> missingText(JsonNode object, String field) {
        return object.path(field).isTextual() ? Optional.empty() : Optional.of("has no text '%s'".formatted(field));
    }
}
