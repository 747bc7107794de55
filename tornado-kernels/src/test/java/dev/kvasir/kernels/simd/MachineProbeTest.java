package dev.kvasir.kernels.simd;

import dev.kvasir.kernels.parallel.Workers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MachineProbeTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aReadIsThatOfTheNumberOfStreamsThatReadsMost(int threads) {
        try (var workers = new Workers(threads)) {
            var read = MachineProbe.read(workers, 8, 1);

            assertThat(read.oneStream()).isPositive();
            assertThat(read.bytes()).isGreaterThanOrEqualTo(read.oneStream());
            assertThat(read.streams()).isIn(1, 2, 4, 8);
        }
    }
}
