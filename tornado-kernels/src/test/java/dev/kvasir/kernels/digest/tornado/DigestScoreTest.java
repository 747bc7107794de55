package dev.kvasir.kernels.digest.tornado;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.launch.DeviceFrames;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.page.PageGeometry;
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
import static org.assertj.core.api.Assertions.within;

class DigestScoreTest {
    /** How many query heads share a KV head, KV heads a group, head size, page size. */
    private static final int[][] SHAPES = {{1, 2, 8, 4}, {3, 1, 64, 8}, {4, 2, 96, 32}, {8, 1, 40, 128}};
    /** Smaller ones for the kind that looks at every token. */
    private static final int[][] CORNER_SHAPES = {{1, 2, 8, 4}, {3, 1, 64, 8}, {2, 2, 96, 16}, {2, 1, 6, 128}};

    @ParameterizedTest
    @EnumSource(DigestKind.class)
    void equalsTheReference(DigestKind kind) {
        for (var type : DeviceFrames.types()) {
            for (int[] shape : kind == DigestKind.CUBOID_CORNERS ? CORNER_SHAPES : SHAPES) {
                var geometry = new PageGeometry(shape[3], shape[1], shape[2], type);
                int page = geometry.pageSize();
                compare(kind, geometry, shape[0], 2, new int[]{page + 1, 0, 2 * page, 2 * page - 1});
            }
        }
    }

    @Test
    @Tag("large")
    void scoresSixteenThousandPages() {
        compare(DigestKind.CUBOID_MEAN, new PageGeometry(32, 2, 64, dev.kvasir.kernels.page.KvType.F32), 4, 1,
                new int[]{16_384});
    }

    /** @param judged pages of each table; tables are sequences times groups */
    private static void compare(DigestKind kind, PageGeometry geometry, int shared, int groups, int[] judged) {
        var random = new Random(1);
        int tables = judged.length;
        int sequences = tables / groups;
        int queryHeads = groups * geometry.heads() * shared;
        int maxSheets = 0;
        for (int pages : judged) {
            maxSheets = Math.max(maxSheets, (pages + geometry.pageSize() - 1) / geometry.pageSize());
        }
        // A page's frame comes last, to be filled and digested again and again.
        int listed = maxSheets * kind.frames(geometry); // digest frames of a table
        var frames = new DeviceFrames(geometry, tables * listed + 1);
        int page = tables * listed;
        int[] list = DeviceFrames.shuffled(tables * listed, random);
        frames.fill(page, geometry.pageSize(), random);
        for (int table = 0; table < tables; table++) {
            for (int i = 0; i < judged[table]; i++) {
                for (int head = 0; head < geometry.heads(); head++) {
                    frames.putKey(page, head, i % geometry.pageSize(), i % geometry.headDim(),
                            (float) random.nextGaussian());
                    dev.kvasir.kernels.digest.reference.PageDigest.digest(frames.view, kind, page, head,
                            of(list, table, listed), i);
                }
            }
        }
        float[] queries = Samples.floats(sequences * queryHeads * geometry.headDim(), random);
        for (var aggregation : HeadAggregation.values()) {
            float[] importance = score(frames, kind, aggregation, groups, queryHeads, maxSheets, judged, list,
                    queries);
            int groupHeads = queryHeads / groups;
            for (int table = 0; table < tables; table++) {
                for (int i = 0; i < judged[table]; i++) {
                    float expected = dev.kvasir.kernels.digest.reference.DigestScore.score(frames.view, kind,
                            aggregation,
                            of(list, table, listed), i, queries,
                            table * groupHeads * geometry.headDim(), groupHeads);
                    assertThat(importance[table * maxSheets * geometry.pageSize() + i])
                            .as("%s %s, table %d, page %d", geometry, aggregation, table, i)
                            .isCloseTo(expected, within(1e-4f * Math.max(1, Math.abs(expected))));
                }
            }
        }
    }

    private static int[] of(int[] list, int table, int listed) {
        return Arrays.copyOfRange(list, table * listed, (table + 1) * listed);
    }

    private static float[] score(DeviceFrames frames, DigestKind kind, HeadAggregation aggregation, int groups,
            int queryHeads, int maxSheets, int[] judgedPages, int[] list, float[] queries) {
        var geometry = frames.geometry;
        var q = FloatArray.fromArray(queries);
        var digestFrames = IntArray.fromArray(list);
        var judged = IntArray.fromArray(judgedPages);
        var importance = new FloatArray(judgedPages.length * maxSheets * geometry.pageSize());
        TornadoRun.run(tasks -> DigestScore.addTo(tasks, "score", q, frames.buffer, digestFrames, judged, importance,
                kind, aggregation, new Heads(groups, queryHeads)), q, frames.array(), digestFrames, judged, importance);
        return importance.toHeapArray();
    }
}
