package dev.kvasir.benchmarks;

import dev.kvasir.kvcache.option.Setting;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The messages of the libraries speak of the API, not of a command line. */
class LibraryMessagesTest {
    private static final List<String> LIBRARIES = List.of("tornado-sim", "tornado-kernels", "kvcache", "model",
            "report");
    private static final Pattern LITERAL = Pattern.compile("\"\"\".*?\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*\"",
            Pattern.DOTALL);
    /** A flag, except the two options of Java itself that every user of the libraries needs. */
    private static final Pattern FLAG = Pattern
            .compile("(?<![\\w-])--(?!add-modules %s |enable-native-access=)[a-z]");
    private static final Pattern PLACE = Pattern.compile("(CacheOptions|EngineOptions)\\.\\w+");
    private static final Map<String, Class<? extends Record>> RECORDS = Map.of("CacheOptions", CacheOptions.class,
            "EngineOptions", EngineOptions.class);

    @Test
    void noMessageNamesAFlag() throws IOException {
        assertThat(literals()).hasSizeGreaterThan(1000).noneMatch(text -> FLAG.matcher(text).find());
    }

    @Test
    void everySettingInAMessageIsKnown() throws IOException {
        List<String> known = Arrays.stream(Setting.values()).map(Setting::place).toList();
        List<String> named = literals().stream()
                .flatMap(text -> PLACE.matcher(text).results().map(MatchResult::group))
                .distinct()
                .toList();
        assertThat(named).isNotEmpty().allMatch(known::contains);
    }

    @Test
    void everySettingIsAComponentOfARecord() {
        assertThat(Setting.values()).filteredOn(setting -> setting.place().contains(".")).allSatisfy(setting -> {
            String[] place = setting.place().split("\\.");
            assertThat(Objects.requireNonNull(RECORDS.get(place[0]), place[0]).getRecordComponents())
                    .anyMatch(component -> component.getName().equals(place[1]));
        });
    }

    private static List<String> literals() throws IOException {
        List<String> literals = new ArrayList<>();
        for (String module : LIBRARIES) {
            Path sources = Path.of("..", module, "src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    LITERAL.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(literals::add);
                }
            }
        }
        return literals;
    }
}
