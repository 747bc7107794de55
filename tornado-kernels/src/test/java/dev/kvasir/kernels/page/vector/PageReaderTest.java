package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.machine.MachineCode;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.page.SharedRows;
import dev.kvasir.kernels.simd.Lanes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every reader that this machine has, against sums in double precision. */
class PageReaderTest {

    static Stream<PageGeometry> geometries() {
        return Stream.of(KvType.values())
                .flatMap(type -> Stream.of(new PageGeometry(4, 2, 7, type), new PageGeometry(8, 1, 48, type),
                        new PageGeometry(16, 2, 80, type), new PageGeometry(32, 2, 64, type),
                        new PageGeometry(64, 1, 96, type), new PageGeometry(128, 1, 128, type)));
    }

    private static List<PageReader> readers(FrameArray frames, int rows) {
        int headDim = frames.geometry().headDim();
        var readers = new ArrayList<PageReader>(List.of(new PanelReader(frames, headDim, rows)));
        if (PageHalves.reads(frames.geometry())) {
            readers.add(new HalvesReader(frames, headDim, rows));
        }
        CodeReader.of(frames, headDim, rows, true).ifPresent(readers::add);
        return readers;
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void scoresAndWeightedValuesEqualTheirSums(PageGeometry geometry) {
        int pageSize = geometry.pageSize();
        int headDim = geometry.headDim();
        for (int tokens : new int[]{1, pageSize - 1, Math.min(256, 3 * pageSize + 1), 256}) {
            for (int rows : new int[]{1, 3, 4, 5}) {
                var scene = new Scene(geometry, 1, 2 * pageSize, tokens);
                int kvHeads = 2 * geometry.heads();
                float[] q = scene.randoms(kvHeads * rows * headDim, 1f);
                float[] weights = scene.randoms(rows * tokens, 1f);
                var list = scene.lists[1];
                for (var reader : readers(scene.filled(0), rows)) {
                    reader.lift(q, 0, kvHeads, 0.5f);
                    var scratch = reader.newScratch();
                    for (int head = 0; head < geometry.heads(); head++) {
                        reader.scores(scratch, list.frames(), tokens, 1, head, 0, list.frames().length);
                        check(scene, reader, scratch, q, head, tokens);
                        for (int row = 0; row < rows; row++) {
                            for (int t = 0; t < tokens; t++) {
                                scratch.scores[row * SharedRows.STRIDE + t] = weights[row * tokens + t]
                                        * reader.weightFactor();
                            }
                        }
                        reader.addValues(scratch, list.frames(), tokens, head, 0, tokens);
                        checkSums(scene, reader, scratch, weights, head, tokens);
                    }
                }
            }
        }
    }

    private static void check(Scene scene, PageReader reader, PageScratch scratch, float[] q, int head, int tokens) {
        int headDim = scene.geometry.headDim();
        for (int row = 0; row < reader.rows(); row++) {
            int at = ((scene.geometry.heads() + head) * reader.rows() + row) * headDim;
            double[] expected = scene.logits(q, at, 1, head, tokens);
            for (int t = 0; t < tokens; t++) {
                double score = scratch.scores[row * SharedRows.STRIDE + t];
                assertThat(Math.abs(score - 0.5 * Math.sqrt(headDim) * expected[t])).as("%s of %s", reader.getClass(),
                        scene.geometry).isLessThan(1e-4);
            }
        }
    }

    private static void checkSums(Scene scene, PageReader reader, PageScratch scratch, float[] weights, int head,
            int tokens) {
        int headDim = scene.geometry.headDim();
        float[] sums = new float[headDim];
        for (int row = 0; row < reader.rows(); row++) {
            reader.takeSums(scratch, row, sums, 0);
            for (int d = 0; d < headDim; d++) {
                double expected = 0;
                for (int t = 0; t < tokens; t++) {
                    expected += (double) weights[row * tokens + t] * scene.value(1, t, head, d);
                }
                assertThat(Math.abs(sums[d] - expected)).as("%s of %s", reader.getClass(), scene.geometry)
                        .isLessThan(1e-3);
            }
        }
    }

    @Test
    void totalsAddUpOverHeads() {
        var geometry = new PageGeometry(32, 3, 64, KvType.F16);
        var scene = new Scene(geometry, 2, 64);
        float[] q = scene.randoms(3 * 64, 1f);
        for (var reader : readers(scene.filled(0), 1)) {
            reader.lift(q, 0, 3, 1);
            var scratch = reader.newScratch();
            Arrays.fill(scratch.totals, 0f);
            double[] expected = new double[64];
            for (int head = 0; head < 3; head++) {
                reader.addScores(scratch, scene.lists[0].frames(), 64, 0, head, 0, 2);
                double[] scores = scene.logits(q, head * 64, 0, head, 64);
                for (int t = 0; t < 64; t++) {
                    expected[t] += Math.sqrt(64) * scores[t];
                }
            }
            for (int t = 0; t < 64; t++) {
                assertThat(Math.abs(scratch.totals[t] - expected[t])).isLessThan(1e-4);
            }
        }
    }

    @Test
    void theBestReaderIsChosen() {
        Class<?> best = MachineCode.hasVectors() && Lanes.bits() == 512 ? CodeReader.class : HalvesReader.class;
        assertThat(PageReader.ofPages(Scene.empty(new PageGeometry(32, 1, 64, KvType.F16), 1), 4))
                .isInstanceOf(best);
        assertThat(PageReader.ofPages(Scene.empty(new PageGeometry(32, 1, 64, KvType.F32), 1), 4))
                .isInstanceOf(PanelReader.class);
        assertThat(PageReader.ofPages(Scene.empty(new PageGeometry(4, 1, 64, KvType.F16), 1), 4))
                .isInstanceOf(PanelReader.class);
    }
}
