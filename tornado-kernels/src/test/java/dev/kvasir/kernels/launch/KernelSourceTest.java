package dev.kvasir.kernels.launch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KernelSourceTest {

    @Test
    void theTargetOfPtxIsReplacedAndNothingElse() {
        String ptx = """
                .version 7.6
                .target sm_50, debug
                // .target sm_50
                """;
        assertThat(KernelSource.withTarget(ptx, 80))
                .isEqualTo(ptx.replace(".target sm_50, debug", ".target sm_80, debug"));
    }
}
