package dev.kvasir.kernels.attention.tornado;

import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention1Naive;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention2Group;
import dev.kvasir.kernels.attention.tornado.ladder.PagedAttention3Split;
import dev.kvasir.kernels.launch.DeviceFrames;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.Heads;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PagedAttentionTest {
    enum Version {
        NAIVE,
        GROUP,
        SPLIT,
        SHARED,
        SHARED_HALF;

        KvType type() {
            return this == SHARED_HALF ? KvType.F16 : KvType.F32;
        }
    }

    /**
     * A batch: tables are sequences times groups.
     *
     * @param tokens in the residents' list of each table
     * @param late tokens in the late arrivals' list of each table
     */
    private record Batch(PageGeometry geometry, int groups, int shared, int[] tokens, int[] late, int parts) {
        int tables() {
            return tokens.length;
        }

        int groupHeads() {
            return geometry.heads() * shared;
        }

        int queryHeads() {
            return groups * groupHeads();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void equalsTheReference(Version version) {
        int page = 8;
        int[] none = new int[4];
        check(version, 8, 4, page, 2, 1, new int[]{1, page - 1, page, page + 1}, none, 3);
        check(version, 64, 2, page, 1, 3, new int[]{61, 0, 113, 482}, none, 2);
        check(version, 96, 1, 16, 2, 4, new int[]{127, 128, 129, 31}, none, 1);
        check(version, 128, 1, 32, 1, 8, new int[]{577, 33, 0, 256}, none, 4);
        check(version, 40, 2, 4, 1, 6, new int[]{97, 255, 257, 5}, none, 64);
        check(version, 64, 1, 128, 4, 1, new int[]{300, 128, 1, 127}, none, 5);
    }

    @ParameterizedTest
    @EnumSource(value = Version.class, names = {"SPLIT", "SHARED", "SHARED_HALF"})
    void lateArrivalsAreMergedWithResidents(Version version) {
        check(version, 64, 2, 8, 2, 4, new int[]{61, 0, 113, 0}, new int[]{16, 8, 0, 0}, 3);
        check(version, 96, 1, 32, 1, 5, new int[]{97, 64, 482}, new int[]{64, 320, 32}, 2);
    }

    /** With {@code maxFrames} and parts as they are, results are a matter of the lists alone. */
    @Test
    void aLongerListRoomChangesNoBit() {
        var geometry = new PageGeometry(8, 2, 64, KvType.F32);
        var batch = new Batch(geometry, 1, 4, new int[]{61, 113}, new int[]{0, 16}, 3);
        assertThat(attend(Version.SHARED, batch, 40)).isDeepEqualTo(attend(Version.SHARED, batch, 15));
    }

    @Test
    void otherHeadSizesAreRefused() {
        for (int headDim : new int[]{256, 30}) {
            assertThatThrownBy(() -> check(Version.SHARED, headDim, 1, 4, 1, 1, new int[]{1}, new int[]{0}, 1))
                    .hasMessageContaining("head size " + headDim);
        }
    }

    @Test
    @Tag("large")
    void attendsSixteenThousandPages() {
        check(Version.SHARED, 64, 1, 32, 1, 4, new int[]{16_384 * 32 - 5}, new int[]{0}, 128);
    }

    private static void check(Version version, int headDim, int heads, int pageSize, int groups, int shared,
            int[] tokens, int[] late, int parts) {
        if (!Arrays.asList(DeviceFrames.types()).contains(version.type())) {
            return;
        }
        var geometry = new PageGeometry(pageSize, heads, headDim, version.type());
        var batch = new Batch(geometry, groups, shared, tokens, late, parts);
        int maxFrames = 0;
        for (int table = 0; table < batch.tables(); table++) {
            maxFrames = Math.max(maxFrames, (Math.max(tokens[table], late[table]) + pageSize - 1) / pageSize);
        }
        float[][] results = attend(version, batch, maxFrames);
        float[] out = results[0];
        float[] expected = results[1];
        for (int row = 0; row < out.length / headDim; row++) {
            assertThat(Samples.distance(Arrays.copyOfRange(out, row * headDim, (row + 1) * headDim),
                    Arrays.copyOfRange(expected, row * headDim, (row + 1) * headDim)))
                    .as("%s, query head %d", batch, row)
                    .isLessThan(2e-6);
        }
    }

    /** What the kernels make of a batch, and what the reference makes of it. */
    private static float[][] attend(Version version, Batch batch, int maxFrames) {
        var geometry = batch.geometry();
        var random = new Random(1);
        int tables = batch.tables();
        int headDim = geometry.headDim();
        int totalFrames = 0;
        for (int table = 0; table < tables; table++) {
            totalFrames += pages(batch.tokens()[table], geometry) + pages(batch.late()[table], geometry);
        }
        var frames = new DeviceFrames(geometry, totalFrames);
        int[] order = DeviceFrames.shuffled(totalFrames, random);
        int[] list = new int[tables * maxFrames];
        int[] lateList = new int[tables * maxFrames];
        int next = 0;
        float[] q = Samples.floats(tables * batch.groupHeads() * headDim, random);
        float[] expected = new float[q.length];
        for (int table = 0; table < tables; table++) {
            int residents = pages(batch.tokens()[table], geometry);
            int recalled = pages(batch.late()[table], geometry);
            int[] early = Arrays.copyOfRange(order, next, next + residents);
            int[] late = Arrays.copyOfRange(order, next + residents, next + residents + recalled);
            next += residents + recalled;
            frames.fill(early, batch.tokens()[table], random);
            frames.fill(late, batch.late()[table], random);
            System.arraycopy(early, 0, list, table * maxFrames, residents);
            System.arraycopy(late, 0, lateList, table * maxFrames, recalled);
            reference(batch, frames, table, early, late, q, expected);
        }
        var queries = FloatArray.fromArray(q);
        var out = new FloatArray(q.length);
        run(version, batch, frames, queries, IntArray.fromArray(list), IntArray.fromArray(lateList), out);
        return new float[][]{out.toHeapArray(), expected};
    }

    private static int pages(int tokens, PageGeometry geometry) {
        return (tokens + geometry.pageSize() - 1) / geometry.pageSize();
    }

    private static void reference(Batch batch, DeviceFrames frames, int table, int[] list, int[] late, float[] q,
            float[] out) {
        int headDim = batch.geometry().headDim();
        int size = PagedAttention.partialSize(headDim);
        for (int h = 0; h < batch.groupHeads(); h++) {
            int row = table * batch.groupHeads() + h;
            float[] partials = new float[2 * size];
            int parts = 0;
            if (batch.tokens()[table] > 0) {
                dev.kvasir.kernels.attention.reference.PagedAttention.attend(frames.view, list, batch.tokens()[table],
                        h / batch.shared(), q, row * headDim, partials, parts++ * size);
            }
            if (batch.late()[table] > 0) {
                dev.kvasir.kernels.attention.reference.PagedAttention.attend(frames.view, late, batch.late()[table],
                        h / batch.shared(), q, row * headDim, partials, parts++ * size);
            }
            dev.kvasir.kernels.attention.reference.PagedAttention.merge(partials, 0, parts, size, headDim, out,
                    row * headDim);
        }
    }

    private static void run(Version version, Batch batch, DeviceFrames frames, FloatArray q, IntArray list,
            IntArray lateList, FloatArray out) {
        var heads = new Heads(batch.groups(), batch.queryHeads());
        var residents = new Parts(0, batch.parts(), batch.parts() + 2);
        var arrivals = new Parts(batch.parts(), 2, batch.parts() + 2);
        var tokens = IntArray.fromArray(batch.tokens());
        var late = IntArray.fromArray(batch.late());
        var partials = new FloatArray(batch.tables() * batch.groupHeads() * residents.total()
                * PagedAttention.partialSize(batch.geometry().headDim()));
        TornadoRun.run(tasks -> {
            switch (version) {
                case NAIVE -> {
                    PagedAttention1Naive.addTo(tasks, "attend", q, (Floats) frames.buffer, list, tokens, out, heads);
                    return;
                }
                case GROUP -> {
                    PagedAttention2Group.addTo(tasks, "attend", q, (Floats) frames.buffer, list, tokens, out, heads);
                    return;
                }
                case SPLIT -> {
                    var floats = (Floats) frames.buffer;
                    PagedAttention3Split.addTo(tasks, "attend", q, floats, list, tokens, partials, heads, residents);
                    PagedAttention3Split.addTo(tasks, "late", q, floats, lateList, late, partials, heads, arrivals);
                }
                case SHARED, SHARED_HALF -> {
                    PagedAttention.addTo(tasks, "attend", q, frames.buffer, list, tokens, partials, heads, residents);
                    PagedAttention.addTo(tasks, "late", q, frames.buffer, lateList, late, partials, heads, arrivals);
                }
            }
            PagedAttention.addMergeTo(tasks, "merge", partials, tokens, late, out, batch.geometry(), heads,
                    residents.count(), arrivals.count());
        }, q, frames.array(), list, lateList, tokens, late, partials, out);
    }
}
