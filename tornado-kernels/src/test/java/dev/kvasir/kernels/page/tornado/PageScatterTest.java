package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.launch.DeviceFrames;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class PageScatterTest {
    private static final PageGeometry[] SHAPES = {new PageGeometry(4, 1, 5, KvType.F32),
        new PageGeometry(8, 3, 8, KvType.F32), new PageGeometry(32, 2, 64, KvType.F32)};

    static KvType[] types() {
        return DeviceFrames.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void slotsComeToTheirFrames(KvType type) {
        for (var shape : SHAPES) {
            var geometry = new PageGeometry(shape.pageSize(), shape.heads(), shape.headDim(), type);
            var random = new Random(1);
            var frames = DeviceFrames.filled(geometry, 7, random);
            var staging = DeviceFrames.filled(geometry, 4, random);
            var before = frames.copy();
            var frame = IntArray.fromElements(2, -1, -1, 6);
            TornadoRun.run(tasks -> {
                frames.read(tasks);
                PageScatter.addTo(tasks, "copy", staging.buffer, frame, frames.buffer);
            }, staging.array(), frame, frames.array());
            assertThat(DeviceFrames.mismatch(frames.view, 2, staging.view, 0)).isEqualTo(-1);
            assertThat(DeviceFrames.mismatch(frames.view, 6, staging.view, 3)).isEqualTo(-1);
            assertThat(DeviceFrames.mismatch(before, 2, staging.view, 0)).isNotEqualTo(-1);
            for (int untouched : new int[]{0, 1, 3, 4, 5}) {
                assertThat(DeviceFrames.mismatch(frames.view, untouched, before, untouched)).isEqualTo(-1);
            }
        }
    }
}
