package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.launch.DeviceFrames;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class PageCopyTest {
    private static final PageGeometry[] SHAPES = {new PageGeometry(4, 1, 5, KvType.F32),
        new PageGeometry(8, 3, 8, KvType.F32), new PageGeometry(32, 2, 64, KvType.F32)};

    static KvType[] types() {
        return DeviceFrames.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void framesComeToTheirSlotsAndBack(KvType type) {
        for (var shape : SHAPES) {
            var geometry = new PageGeometry(shape.pageSize(), shape.heads(), shape.headDim(), type);
            var random = new Random(1);
            var frames = new DeviceFrames(geometry, 7);
            for (int frame = 0; frame < 7; frame++) {
                frames.fill(frame, geometry.pageSize(), random);
            }
            var staging = new DeviceFrames(geometry, 4);
            for (int slot = 0; slot < 4; slot++) {
                staging.fill(slot, geometry.pageSize(), random);
            }
            var before = staging.copy();
            int stride = Math.toIntExact(FrameArray.stride(geometry) / type.bytes());
            var out = IntArray.fromElements(5, 0, -1, 3);
            TornadoRun.run(tasks -> {
                if (frames.isHalf()) {
                    tasks.graph()
                            .task("copy", PageGather::gatherHalf, tasks.context(), frames.halves, out,
                                    staging.halves, stride);
                } else {
                    tasks.graph()
                            .task("copy", PageGather::gather, tasks.context(), frames.floats, out, staging.floats,
                                    stride);
                }
                tasks.launch("copy", PageGather.grid(4, stride));
            }, frames.array(), out, staging.array());
            assertThat(mismatch(geometry, staging.view, 0, frames.view, 5)).isEqualTo(-1);
            assertThat(mismatch(geometry, staging.view, 1, frames.view, 0)).isEqualTo(-1);
            assertThat(mismatch(geometry, staging.view, 3, frames.view, 3)).isEqualTo(-1);
            assertThat(mismatch(geometry, before, 3, frames.view, 3)).isNotEqualTo(-1);

            var untouched = frames.copy();
            var in = IntArray.fromElements(2, -1, -1, 6);
            TornadoRun.run(tasks -> {
                if (frames.isHalf()) {
                    tasks.graph()
                            .task("copy", PageScatter::scatterHalf, tasks.context(), staging.halves, in,
                                    frames.halves, stride);
                } else {
                    tasks.graph()
                            .task("copy", PageScatter::scatter, tasks.context(), staging.floats, in,
                                    frames.floats, stride);
                }
                tasks.launch("copy", PageGather.grid(4, stride));
            }, frames.array(), in, staging.array());
            assertThat(mismatch(geometry, frames.view, 2, untouched, 5)).isEqualTo(-1);
            assertThat(mismatch(geometry, frames.view, 6, untouched, 3)).isEqualTo(-1);
        }
    }

    /** Where two frames differ, or -1. */
    private static long mismatch(PageGeometry geometry, FrameArray a, int frame, FrameArray b, int other) {
        return a.memory()
                .asSlice(a.offset(frame), geometry.frameBytes())
                .mismatch(b.memory().asSlice(b.offset(other), geometry.frameBytes()));
    }
}
