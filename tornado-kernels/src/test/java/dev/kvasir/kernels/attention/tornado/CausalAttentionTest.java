package dev.kvasir.kernels.attention.tornado;

import dev.kvasir.kernels.attention.tornado.ladder.CausalAttention1Naive;
import dev.kvasir.kernels.launch.DeviceFrames;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.Heads;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class CausalAttentionTest {
    enum Version {
        NAIVE,
        TILED,
        TILED_HALF;

        KvType type() {
            return this == TILED_HALF ? KvType.F16 : KvType.F32;
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void equalsTheReference(Version version) {
        check(version, new PageGeometry(8, 4, 8, version.type()), 1, 2, 0, 13);
        check(version, new PageGeometry(4, 1, 64, version.type()), 2, 3, 61, 7);
        check(version, new PageGeometry(16, 1, 96, version.type()), 1, 4, 15, 18);
        check(version, new PageGeometry(32, 1, 128, version.type()), 1, 8, 31, 33);
        check(version, new PageGeometry(128, 2, 40, version.type()), 2, 1, 130, 1);
        check(version, new PageGeometry(8, 1, 48, version.type()), 1, 1, 0, 67);
    }

    private static void check(Version version, PageGeometry geometry, int groups, int shared, int position,
            int tokens) {
        if (!Arrays.asList(DeviceFrames.types()).contains(geometry.type())) {
            return;
        }
        var random = new Random(1);
        int headDim = geometry.headDim();
        int queryHeads = groups * geometry.heads() * shared;
        int all = position + tokens;
        int pages = (all + geometry.pageSize() - 1) / geometry.pageSize();
        int maxFrames = pages + 3;
        var frames = new DeviceFrames(geometry, groups * pages);
        int[] order = DeviceFrames.shuffled(groups * pages, random);
        int[] list = new int[groups * maxFrames];
        float[] q = Samples.floats(tokens * queryHeads * headDim, random);
        float[] expected = new float[q.length];
        for (int group = 0; group < groups; group++) {
            int[] groupList = Arrays.copyOfRange(order, group * pages, (group + 1) * pages);
            System.arraycopy(groupList, 0, list, group * maxFrames, pages);
            frames.fill(groupList, all, random);
            float[] partial = new float[headDim + 2];
            for (int t = 0; t < tokens; t++) {
                for (int h = 0; h < geometry.heads() * shared; h++) {
                    int at = (t * queryHeads + group * geometry.heads() * shared + h) * headDim;
                    dev.kvasir.kernels.attention.reference.PagedAttention.attend(frames.view, groupList,
                            position + t + 1,
                            h / shared, q, at, partial, 0);
                    dev.kvasir.kernels.attention.reference.PagedAttention.merge(partial, 0, 1, headDim + 2, headDim,
                            expected,
                            at);
                }
            }
        }
        var queries = FloatArray.fromArray(q);
        var out = new FloatArray(q.length);
        run(version, frames, queries, IntArray.fromArray(list), IntArray.fromElements(position, tokens), out,
                new Heads(groups, queryHeads), tokens + 40);
        for (int row = 0; row < tokens * queryHeads; row++) {
            assertThat(Samples.distance(
                    Arrays.copyOfRange(out.toHeapArray(), row * headDim, (row + 1) * headDim),
                    Arrays.copyOfRange(expected, row * headDim, (row + 1) * headDim)))
                    .as("%s, %d from %d, row %d", geometry, tokens, position, row)
                    .isLessThan(2e-6);
        }
    }

    private static void run(Version version, DeviceFrames frames, FloatArray q, IntArray list, IntArray run,
            FloatArray out, Heads heads, int maxTokens) {
        TornadoRun.run(tasks -> {
            if (version == Version.NAIVE) {
                CausalAttention1Naive.addTo(tasks, "attend", q, (Floats) frames.buffer, list, run, out, heads,
                        maxTokens);
            } else {
                CausalAttention.addTo(tasks, "attend", q, frames.buffer, list, run, out, heads, maxTokens);
            }
        }, q, frames.array(), list, run, out);
    }
}
