package dev.kvasir.lab.run;

import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CsvFileTest {
    @Test
    void columnsAreTheUnionAndWhatIsMissingIsEmpty() {
        var first = new Result(Map.of("length", "1"), Map.of("answer", "a, \"b\""), Map.of("cache", Map.of("sink", 2)));
        var second = new Result(Map.of("length", "2"), Map.of("list", List.of(1.5, 2.0)), Map.of());

        assertThat(CsvFile.text(new Results(List.of(first, second)))).isEqualTo("""
                length,answer,list,cache.sink
                1,"a, ""b""\",,2
                2,,1.5;2.0,
                """);
    }
}
