package dev.kvasir.lab;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class NearestTest {
    private static final List<String> NAMES = List.of("run", "chat", "bench", "policies", "quantize");

    @ParameterizedTest
    @CsvSource({"rnu,run", "cahtt,chat", "bnech,bench", "polices,policies", "quantise,quantize", "rum,run"})
    void aSwapCountsAsOneEdit(String typed, String meant) {
        assertThat(Nearest.to(typed, NAMES)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"translate", "xyz", "serve"})
    void aDistantWordHasNoSuggestion(String typed) {
        assertThat(Nearest.hint(typed, NAMES)).isEmpty();
    }
}
