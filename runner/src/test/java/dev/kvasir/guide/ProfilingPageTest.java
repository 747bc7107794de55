package dev.kvasir.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the events of docs/profiling.md with the classes that declare them. */
class ProfilingPageTest {
    private static final Pattern ROW = Pattern.compile("^\\| `(dev\\.kvasir\\.\\w+)` \\| ([^|]*) \\|",
            Pattern.MULTILINE);
    private static final Pattern EVENT = Pattern.compile("^package ([\\w.]+);.*class (\\w+) extends Event ",
            Pattern.MULTILINE | Pattern.DOTALL);
    private static final List<String> OF_EVERY_EVENT = List.of("startTime", "duration", "eventThread", "stackTrace");

    @Test
    void thePageListsEveryEventWithItsFields() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "profiling.md"));
        Map<String, String> listed = new TreeMap<>();
        ROW.matcher(page).results().forEach(row -> listed.put(row.group(1), row.group(2)));

        assertThat(listed).isEqualTo(declared()).hasSizeGreaterThan(3);
    }

    private static Map<String, String> declared() throws IOException, ClassNotFoundException {
        Map<String, String> events = new TreeMap<>();
        for (String module : List.of("tornado-sim", "tornado-kernels", "kvcache", "model", "report", "lab", "runner")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith("Event.java")).toList()) {
                    for (MatchResult event : EVENT.matcher(Files.readString(file)).results().toList()) {
                        EventType type = EventType.getEventType(
                                Class.forName(event.group(1) + "." + event.group(2)).asSubclass(Event.class));
                        events.put(type.getName(), type.getFields()
                                .stream()
                                .map(ValueDescriptor::getName)
                                .filter(name -> !OF_EVERY_EVENT.contains(name))
                                .collect(Collectors.joining(", ")));
                    }
                }
            }
        }
        return events;
    }
}
