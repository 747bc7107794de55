package dev.kvasir.runner.trace;

import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.PageState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PageArraysTest {
    @TempDir
    private Path folder;

    private byte[] numbers(String name, int size) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(name));
        return Arrays.copyOfRange(bytes, bytes.length - size, bytes.length);
    }

    @Test
    void statesLastUntilTheNextEventAndChoicesForOneStep() throws IOException {
        var arrays = new PageArrays(1);
        arrays.page(Kind.FILLED, PageState.RESIDENT, 0, 0, 0, 0, 0, Float.NaN, 0);
        arrays.page(Kind.FILLED, PageState.RESIDENT, 0, 0, 0, 0, 1, Float.NaN, 0);
        arrays.page(Kind.EVICTED, PageState.ABSENT, 1, 0, 0, 0, 0, 0.5f, 0);
        arrays.page(Kind.SELECTED, PageState.ABSENT, 3, 0, 0, 0, 0, 2, 0);
        arrays.page(Kind.RECALLED, PageState.RESIDENT, 3, 0, 0, 0, 0, Float.NaN, 0);
        arrays.write(folder);

        // [4 steps][1 layer][1 group][2 pages]
        assertThat(numbers("state.npy", 8)).containsExactly(1, 1, 2, 1, 2, 1, 1, 1);
        assertThat(numbers("selected.npy", 8)).containsExactly(0, 0, 0, 0, 0, 0, 1, 0);
        ByteBuffer importance = ByteBuffer.wrap(numbers("importance.npy", 32)).order(ByteOrder.LITTLE_ENDIAN);
        float[] estimates = new float[8];
        importance.asFloatBuffer().get(estimates);
        assertThat(estimates).containsExactly(Float.NaN, Float.NaN, 0.5f, Float.NaN, Float.NaN, Float.NaN, 2,
                Float.NaN);
    }
}
