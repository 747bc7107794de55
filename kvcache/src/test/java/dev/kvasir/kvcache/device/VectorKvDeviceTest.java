package dev.kvasir.kvcache.device;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.parallel.Workers;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VectorKvDeviceTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void framesStartOnCacheLinesAndAreTheSizeOfThePage() {
        var geometry = new PageGeometry(4, 1, 5, KvType.F16);
        try (var team = new Workers(1); var device = new VectorKvDevice(geometry, 3, team)) {
            assertThat(device.frame(2).byteSize()).isEqualTo(80);
            assertThat(device.frame(2).address() % 64).isZero();
            assertThatThrownBy(() -> device.frame(3)).hasMessageContaining("frame 3 is not one of the 3");
        }
    }

    @ParameterizedTest
    @CsvSource({"16, CUBOID_MEAN", "32, CUBOID_MEAN", "16, CUBOID_CORNERS"})
    void decodeStepsAllocateNothing(int pageSize, DigestKind kind) {
        var geometry = new PageGeometry(pageSize, 2, 64, KvType.F16);
        var scene = new Scene(geometry, 13, 44 * pageSize - 4, 32 * pageSize - 12);
        var lists = DeviceScene.lists(scene);
        int queryHeads = 16;
        float[] q = scene.randoms(queryHeads * 64, 1f);
        float[] out = new float[q.length];
        float[] importance = new float[31];
        int[] winners = new int[8];
        try (var team = new Workers(1); // so that all the work is this thread's
                var device = DeviceScene.fill(scene,
                        new VectorKvDevice(geometry, scene.frames + 2 * kind.frames(geometry), team))) {
            int[] digestFrames = IntStream.range(scene.frames, scene.frames + 2 * kind.frames(geometry)).toArray();
            for (int page = 0; page < importance.length; page++) {
                device.digest(kind, scene.lists[1].frames()[page], digestFrames, page);
            }
            var state = device.newPartialResults(queryHeads, 2, 44);
            long fewest = Long.MAX_VALUE;
            // A loop not yet compiled boxes its vectors: the calls that the compiler has finished with do not.
            for (int step = 0; step < 20_000 && fewest > 0; step++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                device.score(kind, HeadAggregation.MEAN, digestFrames, importance.length, q, 0, 8,
                        importance);
                device.select(importance, 2, importance.length, winners.length, winners);
                device.attend(q, 0, lists, state);
                device.merge(state, out, 0);
                fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(fewest).isZero();
        }
    }
}
