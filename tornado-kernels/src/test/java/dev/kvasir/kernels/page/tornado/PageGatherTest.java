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

class PageGatherTest {
    private static final PageGeometry[] SHAPES = {new PageGeometry(4, 1, 5, KvType.F32),
        new PageGeometry(8, 3, 8, KvType.F32), new PageGeometry(32, 2, 64, KvType.F32)};

    static KvType[] types() {
        return DeviceFrames.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void framesComeToTheirSlots(KvType type) {
        for (var shape : SHAPES) {
            var geometry = new PageGeometry(shape.pageSize(), shape.heads(), shape.headDim(), type);
            var random = new Random(1);
            var frames = DeviceFrames.filled(geometry, 7, random);
            var staging = DeviceFrames.filled(geometry, 4, random);
            var before = staging.copy();
            var frame = IntArray.fromElements(5, 0, -1, 3);
            TornadoRun.run(tasks -> {
                staging.read(tasks);
                PageGather.addTo(tasks, "copy", frames.buffer, frame, staging.buffer);
            }, frames.array(), frame, staging.array());
            assertThat(DeviceFrames.mismatch(staging.view, 0, frames.view, 5)).isEqualTo(-1);
            assertThat(DeviceFrames.mismatch(staging.view, 1, frames.view, 0)).isEqualTo(-1);
            assertThat(DeviceFrames.mismatch(staging.view, 2, before, 2)).isEqualTo(-1);
            assertThat(DeviceFrames.mismatch(staging.view, 3, frames.view, 3)).isEqualTo(-1);
            assertThat(DeviceFrames.mismatch(before, 3, frames.view, 3)).isNotEqualTo(-1);
        }
    }
}
