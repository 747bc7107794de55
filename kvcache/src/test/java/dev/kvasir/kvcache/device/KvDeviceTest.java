package dev.kvasir.kvcache.device;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.parallel.Workers;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The contract of every device: attention and the logits it leaves, single tokens moved and read, refusals. */
class KvDeviceTest {
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    record Shape(PageGeometry geometry, int shared, int[] lengths) {
        int queryHeads() {
            return shared * geometry.heads() * lengths.length;
        }
    }

    static Stream<Shape> shapes() {
        return Stream.of(new Shape(new PageGeometry(32, 1, 64, KvType.F32), 1, new int[]{1}),
                new Shape(new PageGeometry(16, 1, 80, KvType.F16), 4, new int[]{61, 17, 300}),
                new Shape(new PageGeometry(4, 2, 7, KvType.BF16), 3, new int[]{577, 255}),
                new Shape(new PageGeometry(8, 1, 50, KvType.F32), 2, new int[]{256, 257}));
    }

    private static Stream<KvDevice> devices(Shape shape, Scene scene) {
        return Stream.of(DeviceScene.fill(scene, new ReferenceKvDevice(shape.geometry, scene.frames)),
                DeviceScene.fill(scene, new VectorKvDevice(shape.geometry, scene.frames, WORKERS)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void decodeLeavesTheSoftmaxAndTheSameOutput(Shape shape) {
        var scene = new Scene(shape.geometry, 3, shape.lengths);
        var lists = DeviceScene.lists(scene);
        int queryHeads = shape.queryHeads();
        float[] q = scene.randoms(2 + queryHeads * shape.geometry.headDim(), 2f);
        devices(shape, scene).forEach(device -> {
            var state = device.newPartialResults(queryHeads, shape.lengths.length, 4);
            float[] plain = new float[q.length - 2];
            device.attend(q, 2, lists, state);
            device.merge(state, plain, 0);
            var rows = new AttentionRows(queryHeads);
            rows.reserve(1, Arrays.stream(shape.lengths).max().orElseThrow() + 5);
            float[] out = new float[plain.length];
            for (int again = 0; again < 2; again++) {
                device.attendObserved(q, 2, lists, state, rows);
                device.mergeObserved(state, out, 0, rows);
                assertThat(out).isEqualTo(plain);
                checkRow(shape, scene, q, 2, rows, 0, Integer.MAX_VALUE);
            }
            device.attend(q, 2, lists, state);
            Arrays.fill(rows.logits(), 7);
            device.merge(state, out, 0);
            assertThat(rows.logits()).as("nothing is left when it was not asked for").containsOnly(7);
            device.close();
        });
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void promptsLeaveTheSoftmaxOfEveryQueryAndTheSameOutput(Shape shape) {
        var scene = new Scene(shape.geometry, 4, shape.lengths);
        int queryHeads = shape.queryHeads();
        int shortest = Arrays.stream(shape.lengths).min().orElseThrow();
        int tokens = Math.min(shortest, 37);
        int first = shortest - tokens;
        int stride = queryHeads * shape.geometry.headDim();
        float[] q = scene.randoms(tokens * stride, 2f);
        devices(shape, scene).forEach(device -> {
            float[] plain = new float[q.length];
            device.prefill(q, tokens, queryHeads, before(shape, first), DeviceScene.lists(scene), plain);
            var rows = new AttentionRows(queryHeads);
            rows.reserve(tokens, shortest);
            float[] out = new float[q.length];
            device.prefillObserved(q, tokens, queryHeads, before(shape, first), DeviceScene.lists(scene), out,
                    rows);
            assertThat(out).isEqualTo(plain);
            for (int i = 0; i < tokens; i++) {
                checkRow(shape, scene, q, i * stride, rows, i, first + i + 1);
            }
            device.close();
        });
    }

    private static int[] before(Shape shape, int tokens) {
        int[] before = new int[shape.lengths.length];
        Arrays.fill(before, tokens);
        return before;
    }

    private static void checkRow(Shape shape, Scene scene, float[] q, int qOffset, AttentionRows rows, int query,
            int seen) {
        int headDim = shape.geometry.headDim();
        for (int h = 0; h < shape.queryHeads(); h++) {
            int group = h / shape.shared / shape.geometry.heads();
            int head = h / shape.shared % shape.geometry.heads();
            int tokens = Math.min(seen, shape.lengths[group]);
            assertThat(rows.counts()[query * shape.queryHeads() + h]).isEqualTo(tokens);
            double[] logits = new double[tokens];
            double sum = 0;
            for (int t = 0; t < tokens; t++) {
                for (int d = 0; d < headDim; d++) {
                    logits[t] += (double) q[qOffset + h * headDim + d] * scene.key(group, t, head, d);
                }
                logits[t] /= Math.sqrt(headDim);
                sum += Math.exp(logits[t]);
            }
            int at = rows.at(query, h);
            for (int t = 0; t < tokens; t++) {
                double weight = Math.exp(logits[t]) / sum;
                assertThat(Math.abs(rows.logits()[at + t] - logits[t])).isLessThan(3e-5);
                assertThat(Math.abs(rows.weights()[at + t] - weight)).isLessThan(1e-7 + 3e-5 * weight);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void tokensAreCopiedBitForBitAndMayMoveForwardInTheirOwnList(KvType type) {
        var shape = new Shape(new PageGeometry(4, 2, 5, type), 1, new int[]{23, 11});
        var scene = new Scene(shape.geometry, 5, shape.lengths);
        int[] tokens = {0, 1, 4, 9, 10, 22};
        devices(shape, scene).forEach(device -> {
            int[] from = scene.lists[0].frames();
            device.copyTokens(from, tokens, tokens.length, scene.lists[1].frames());
            device.copyTokens(from, tokens, tokens.length, from);
            float[] keys = new float[tokens.length];
            for (var list : scene.lists) {
                for (int head = 0; head < 2; head++) {
                    for (int d = 0; d < 5; d++) {
                        device.readKeys(list.frames(), tokens.length, head, d, keys);
                        for (int i = 0; i < tokens.length; i++) {
                            assertThat(keys[i]).isEqualTo(scene.key(0, tokens[i], head, d));
                        }
                    }
                }
            }
            // One token that is alone is attended with weight 1: out comes its value.
            var state = device.newPartialResults(2, 1, 2);
            for (int i = 0; i < tokens.length; i++) {
                var single = new FrameList();
                int last = i;
                device.copyTokens(scene.lists[1].frames(), new int[]{last}, 1, from);
                single.add(from[0], 1);
                float[] out = new float[10];
                device.attend(new float[10], 0, new FrameList[]{single}, state);
                device.merge(state, out, 0);
                for (int d = 0; d < 5; d++) {
                    assertThat(out[d]).isEqualTo(scene.value(0, tokens[i], 0, d));
                    assertThat(out[5 + d]).isEqualTo(scene.value(0, tokens[i], 1, d));
                }
            }
            device.close();
        });
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void attentionInTwoPartsAndPromptsEqualDenseAttention(Shape shape) {
        var scene = new Scene(shape.geometry, 6, shape.lengths);
        int queryHeads = shape.queryHeads();
        float[] q = scene.randoms(queryHeads * shape.geometry.headDim(), 2f);
        int shortest = Arrays.stream(shape.lengths).min().orElseThrow();
        devices(shape, scene).forEach(device -> {
            float[] out = new float[q.length];
            device.prefill(q, 1, queryHeads, before(shape, shortest - 1), DeviceScene.lists(scene), out);
            assertThat(Scene.relativeError(out, scene.dense(q, 0, queryHeads, shortest))).isLessThan(2e-6);
            float[] dense = scene.dense(q, 0, queryHeads, Integer.MAX_VALUE);
            var state = device.newPartialResults(queryHeads, shape.lengths.length, 1);
            for (int again = 0; again < 2; again++) { // merging empties the state
                for (var part : parts(shape, scene)) {
                    device.attend(q, 0, part, state);
                }
                device.merge(state, out, 0);
                assertThat(Scene.relativeError(out, dense)).isLessThan(2e-6);
            }
            device.close();
        });
    }

    // The first page of each list, and the others: one of them may be empty.
    private static List<FrameList[]> parts(Shape shape, Scene scene) {
        var first = new FrameList[shape.lengths.length];
        var rest = new FrameList[shape.lengths.length];
        int pageSize = shape.geometry.pageSize();
        for (int group = 0; group < first.length; group++) {
            first[group] = new FrameList();
            rest[group] = new FrameList();
            int[] frames = scene.lists[group].frames();
            for (int i = 0; i < frames.length; i++) {
                (i == 0 ? first : rest)[group].add(frames[i], Math.min(pageSize, shape.lengths[group] - i * pageSize));
            }
        }
        return List.of(first, rest);
    }

    @Test
    void queriesAheadOfTheirKeysAreRefused() {
        var shape = new Shape(new PageGeometry(8, 1, 16, KvType.F16), 1, new int[]{9});
        var scene = new Scene(shape.geometry, 8, 9);
        devices(shape, scene).forEach(device -> {
            assertThatThrownBy(
                    () -> device.prefill(new float[32], 2, 1, new int[]{8}, DeviceScene.lists(scene), new float[32]))
                    .hasMessageContaining("9 tokens")
                    .hasMessageContaining("append them first");
            device.close();
        });
    }

    @Test
    void aPageBehindTheDigestFramesIsRefused() {
        var shape = new Shape(new PageGeometry(16, 1, 8, KvType.F16), 1, new int[]{16});
        var scene = new Scene(shape.geometry, 9, 16);
        devices(shape, scene).forEach(device -> {
            int[] digestFrames = {1, 2, 3}; // one sheet of two, and half another
            device.digest(DigestKind.CUBOID_CORNERS, 0, digestFrames, 15);
            assertThatThrownBy(() -> device.digest(DigestKind.CUBOID_CORNERS, 0, digestFrames, 16))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("page 16 is none of the 16 that 3 digest frames have room for");
            device.close();
        });
    }

    @Test
    void observedStepsAllocateNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var geometry = new PageGeometry(16, 1, 64, KvType.F16);
        var scene = new Scene(geometry, 13, 500, 500);
        var lists = DeviceScene.lists(scene);
        float[] q = scene.randoms(8 * 64, 1f);
        float[] out = new float[q.length];
        try (var team = new Workers(1); // so that all the work is this thread's
                var device = DeviceScene.fill(scene, new VectorKvDevice(geometry, scene.frames, team))) {
            var state = device.newPartialResults(8, 2, 32);
            var rows = new AttentionRows(8);
            rows.reserve(1, 500);
            long fewest = Long.MAX_VALUE;
            for (int step = 0; step < 20_000 && fewest > 0; step++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                device.attendObserved(q, 0, lists, state, rows);
                device.mergeObserved(state, out, 0, rows);
                fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(fewest).isZero();
        }
    }
}
