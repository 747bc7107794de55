package dev.kvasir.kernels.machine;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PerfMapTest {

    @Test
    void eachFunctionHasALineOfAddressSizeAndName(@TempDir Path folder) {
        Path map = folder.resolve("perf-1.map");

        PerfMap.append(map, 0x7f00_0000_1000L, 255, "ByteDot");
        PerfMap.append(map, 0x7f00_0000_2000L, 16, "NibbleDot");

        assertThat(map).hasContent("7f0000001000 ff kvasir::ByteDot\n7f0000002000 10 kvasir::NibbleDot\n");
    }
}
