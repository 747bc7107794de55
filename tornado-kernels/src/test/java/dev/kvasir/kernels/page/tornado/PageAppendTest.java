package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.launch.DeviceFrames;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class PageAppendTest {
    private record Shape(int groups, int heads, int headDim, int pageSize) {}

    private static final Shape[] SHAPES = {new Shape(1, 4, 8, 8), new Shape(3, 1, 96, 4), new Shape(2, 2, 64, 32)};

    static KvType[] types() {
        return DeviceFrames.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void aTokenOfEachSequenceIsWrittenAsByTheReference(KvType type) {
        for (var shape : SHAPES) {
            var random = new Random(1);
            int rows = 5;
            int width = shape.groups() * shape.heads() * shape.headDim();
            var frames = new DeviceFrames(geometry(shape, type), rows * shape.groups() + 1);
            var expected = frames.copy();
            float[] k = Samples.floats(rows * width, random);
            float[] v = Samples.floats(rows * width, random);
            int[] frame = DeviceFrames.shuffled(rows * shape.groups(), random);
            frame[2] = -1;
            int[] slot = new int[rows];
            for (int row = 0; row < rows; row++) {
                slot[row] = row == 0 ? shape.pageSize() - 1 : random.nextInt(shape.pageSize());
                for (int group = 0; group < shape.groups(); group++) {
                    int target = frame[row * shape.groups() + group];
                    for (int head = 0; target >= 0 && head < shape.heads(); head++) {
                        dev.kvasir.kernels.page.reference.PageAppend.append(expected, target, head, slot[row], 1, k, v,
                                row * width + group * shape.heads() * shape.headDim(), width);
                    }
                }
            }
            var keys = FloatArray.fromArray(k);
            var values = FloatArray.fromArray(v);
            var targets = IntArray.fromArray(frame);
            var slots = IntArray.fromArray(slot);
            TornadoRun.run(tasks -> {
                frames.read(tasks);
                PageAppend.addTo(tasks, "append", keys, values, targets, slots, frames.buffer);
            }, keys, values, targets, slots, frames.array());
            assertThat(frames.equalBytes(expected)).as("%s", shape).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void aRunOfTokensIsWrittenAsByTheReference(KvType type) {
        for (var shape : SHAPES) {
            int page = shape.pageSize();
            int[][] runs = {{0, 1}, {0, page}, {0, page + 1}, {page - 1, 1}, {page - 1, page + 2}, {3, 2 * page - 3},
                {2 * page + 1, 13}};
            for (int[] run : runs) {
                var random = new Random(run[0] * 31L + run[1]);
                int width = shape.groups() * shape.heads() * shape.headDim();
                int maxFrames = (run[0] + run[1] + page - 1) / page + 2;
                var frames = new DeviceFrames(geometry(shape, type), shape.groups() * maxFrames);
                var expected = frames.copy();
                float[] k = Samples.floats(run[1] * width, random);
                float[] v = Samples.floats(run[1] * width, random);
                int[] list = DeviceFrames.shuffled(shape.groups() * maxFrames, random);
                for (int t = 0; t < run[1]; t++) {
                    int position = run[0] + t;
                    for (int kvHead = 0; kvHead < shape.groups() * shape.heads(); kvHead++) {
                        int group = kvHead / shape.heads();
                        dev.kvasir.kernels.page.reference.PageAppend.append(expected,
                                list[group * maxFrames + position / page], kvHead % shape.heads(), position % page, 1,
                                k, v, t * width + group * shape.heads() * shape.headDim(), width);
                    }
                }
                var keys = FloatArray.fromArray(k);
                var values = FloatArray.fromArray(v);
                var where = IntArray.fromArray(run);
                var lists = IntArray.fromArray(list);
                TornadoRun.run(tasks -> {
                    frames.read(tasks);
                    PageAppend.addRunTo(tasks, "append", keys, values, where, lists, frames.buffer, shape.groups(),
                            run[1] + 7);
                }, keys, values, where, lists, frames.array());
                assertThat(frames.equalBytes(expected)).as("%s, %d tokens from %d", shape, run[1], run[0]).isTrue();
            }
        }
    }

    private static PageGeometry geometry(Shape shape, KvType type) {
        return new PageGeometry(shape.pageSize(), shape.heads(), shape.headDim(), type);
    }
}
