package dev.kvasir.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ProcessorTest {

    @TempDir
    private Path folder;

    @Test
    void sixteenBitFloatsAreUsedWhereTheProcessorListsThem() throws IOException {
        assertThat(Processor.options(jdk(25), cpuinfo("fpu avx512f avx512_fp16 amx_tile")))
                .contains("-Dkvasir.halfProducts=true", "-XX:LoopUnrollLimit=100");
        assertThat(Processor.options(jdk(25), cpuinfo("fpu avx512f avx512_fp16"))).isNotEmpty();
    }

    @Test
    void noOtherProcessorGetsOptions() throws IOException {
        assertThat(Processor.options(jdk(25), cpuinfo("fpu avx512f avx512_fp16x"))).isEmpty();
        assertThat(Processor.options(jdk(25), cpuinfo("fpu avx2"))).isEmpty();
        assertThat(Processor.options(jdk(25), folder.resolve("no such file"))).isEmpty();
    }

    @Test
    void aJavaThatWasNotTriedGetsNoOptions() throws IOException {
        assertThat(Processor.options(jdk(26), cpuinfo("avx512_fp16"))).isEmpty();
    }

    private Path cpuinfo(String flags) throws IOException {
        return Files.writeString(folder.resolve("cpuinfo"), "processor : 0\nflags\t\t: " + flags + "\nbugs\t\t:\n");
    }

    private static Jdk jdk(int feature) {
        return new Jdk(Path.of("/jdk"), feature, feature + ".0.1", true);
    }
}
