package dev.kvasir.runner.bench;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BenchTestTest {
    @Test
    void listsMakeAGrid() {
        List<BenchTest> tests = BenchTest.grid(List.of(512, 0), List.of(128), List.of(new BenchTest(64, 32, 0)),
                List.of(0, 4096));

        assertThat(tests).extracting(BenchTest::label)
                .containsExactly("pp512", "tg128", "pp64+tg32", "pp512 @ d4096",
                        "tg128 @ d4096", "pp64+tg32 @ d4096");
        assertThat(tests).extracting(BenchTest::capacity).containsExactly(512, 128, 96, 4608, 4224, 4192);
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BenchTest.grid(List.of(-5), List.of(), List.of(), List.of(0)))
                .withMessageContaining("-5 prompt tokens");
    }

    @Test
    void moreTokensThanAnIntHoldsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BenchTest(512, 0, Integer.MAX_VALUE))
                .withMessageContaining("more than any context holds");
        assertThat(new BenchTest(0, Integer.MAX_VALUE, 0).capacity()).isEqualTo(Integer.MAX_VALUE);
    }
}
