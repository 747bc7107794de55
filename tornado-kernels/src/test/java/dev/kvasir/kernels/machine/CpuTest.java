package dev.kvasir.kernels.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class CpuTest {

    @TempDir
    private Path folder;

    @Test
    void featuresAreThoseOfTheFirstProcessor() throws IOException {
        Path cpuinfo = Files.writeString(folder.resolve("cpuinfo"), """
                processor : 0
                flags\t\t: fpu avx512f amx_tile
                bugs\t\t:

                processor : 1
                flags\t\t: fpu
                """);
        assertThat(Cpu.features(cpuinfo)).containsExactlyInAnyOrder("fpu", "avx512f", "amx_tile");
    }

    @Test
    void withoutSuchAFileThereAreNone() {
        assertThat(Cpu.features(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void aFileThatSaysNothingOfFeaturesHasNone() throws IOException {
        assertThat(Cpu.features(Files.writeString(folder.resolve("cpuinfo"), "processor : 0\n"))).isEmpty();
    }
}
