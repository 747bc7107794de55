package dev.kvasir.kernels.digest.tornado;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.launch.DeviceFrames;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class PageDigestTest {
    private static final int[][] SHAPES = {{1, 8, 4}, {3, 40, 16}, {2, 64, 32}, {1, 96, 128}}; // heads, headDim, page

    @ParameterizedTest
    @EnumSource(DigestKind.class)
    void equalsTheReference(DigestKind kind) {
        for (var type : DeviceFrames.types()) {
            for (int[] shape : SHAPES) {
                compare(kind, new PageGeometry(shape[2], shape[0], shape[1], type));
            }
        }
    }

    private static void compare(DigestKind kind, PageGeometry geometry) {
        var random = new Random(1);
        int[] source = {2, -1, 0, 1};
        int[] sheet = {0, 1, 1, 0};
        int[] lane = {geometry.pageSize() - 1, 2, 0, 1};
        var frames = digested(kind, geometry, source, sheet, lane, random);
        int each = kind.frames(geometry);
        int[] digestFrames = IntStream.range(0, 2 * each).toArray();
        var expected = frames.copy();
        boolean exact = kind == DigestKind.CUBOID_MAX;
        int firstPage = digestFrames.length;
        double tolerance = exact ? 0 : geometry.type() == KvType.F32 ? 3e-5 : 4e-3;
        for (int i = 0; i < source.length; i++) {
            int page = sheet[i] * geometry.pageSize() + lane[i];
            for (int head = 0; source[i] >= 0 && head < geometry.heads(); head++) {
                dev.kvasir.kernels.digest.reference.PageDigest.digest(expected, kind, firstPage + source[i], head,
                        digestFrames, page);
                for (int row = 0; row < kind.rows(geometry); row++) {
                    long at = expected.digestOffset(digestFrames, each, page, head, row);
                    float value = Elements.get(geometry.type(), expected.memory(), at);
                    assertThat(Elements.get(geometry.type(), frames.view.memory(), at))
                            .as("%s, page %d, head %d, row %d", geometry, i, head, row)
                            .isCloseTo(value, within((float) (tolerance * Math.max(1, Math.abs(value)))));
                }
            }
        }
    }

    /** The radius of the largest sphere is never below the distance of a key from the centre, as both are stored. */
    @Test
    void theLargestSphereHoldsEveryKey() {
        for (var type : DeviceFrames.types()) {
            var geometry = new PageGeometry(32, 2, 96, type);
            var frames = digested(DigestKind.SPHERE_MAX, geometry, new int[]{2, 1}, new int[]{0, 0}, new int[]{5, 6},
                    new Random(7));
            var memory = frames.view.memory();
            for (int i = 0; i < 2; i++) {
                for (int head = 0; head < 2; head++) {
                    double largest = 0;
                    for (int t = 0; t < 32; t++) {
                        double square = 0;
                        for (int d = 0; d < 96; d++) {
                            double away = Elements.get(type, memory, geometry.digestOffset(head, d, 5 + i))
                                    - Elements.get(type, memory,
                                            frames.view.offset(4 - i) + geometry.keyOffset(head, t, d));
                            square += away * away;
                        }
                        largest = Math.max(largest, Math.sqrt(square));
                    }
                    float radius = Elements.get(type, memory, geometry.digestOffset(head, 96, 5 + i));
                    assertThat((double) radius).isBetween(largest, largest * (type == KvType.F32 ? 1.0001 : 1.003));
                }
            }
        }
    }

    /** Frames with two sheets of digests and then three pages; {@code pages} are numbered from 0, below 0: none. */
    private static DeviceFrames digested(DigestKind kind, PageGeometry geometry, int[] pages, int[] sheets,
            int[] lanes, Random random) {
        int each = kind.frames(geometry);
        var frames = new DeviceFrames(geometry, 2 * each + 3);
        for (int page = 0; page < 3; page++) {
            frames.fill(2 * each + page, geometry.pageSize(), random);
        }
        var source = IntArray.fromArray(IntStream.of(pages).map(page -> page < 0 ? page : 2 * each + page).toArray());
        var target = IntArray.fromArray(IntStream.range(0, each * sheets.length)
                .map(i -> sheets[i / each] * each + i % each)
                .toArray());
        var lane = IntArray.fromArray(lanes);
        TornadoRun.run(tasks -> PageDigest.addTo(tasks, "digest", frames.buffer, source, target, lane, kind),
                frames.array(), source, target, lane);
        return frames;
    }

    @Test
    void kindsAreNumberedAsInTheEnum() {
        for (var kind : DigestKind.values()) {
            for (int pageSize = 4; pageSize <= 128; pageSize *= 2) {
                var geometry = new PageGeometry(pageSize, 1, 40, KvType.F32);
                assertThat(DigestKinds.frames(kind.ordinal(), pageSize)).isEqualTo(kind.frames(geometry));
                assertThat(DigestKinds.rows(kind.ordinal(), 40))
                        .isEqualTo(Math.min(kind.rows(geometry), geometry.digestRows()));
            }
        }
        assertThat(new int[]{DigestKinds.CENTROID, DigestKinds.SPHERE_MAX, DigestKinds.SPHERE_CENTER,
            DigestKinds.SPHERE_MEAN, DigestKinds.CUBOID_MAX, DigestKinds.CUBOID_CENTER, DigestKinds.CUBOID_MEAN,
            DigestKinds.CUBOID_CORNERS})
                .containsExactly(DigestKind.CENTROID.ordinal(), DigestKind.SPHERE_MAX.ordinal(),
                        DigestKind.SPHERE_CENTER.ordinal(), DigestKind.SPHERE_MEAN.ordinal(),
                        DigestKind.CUBOID_MAX.ordinal(), DigestKind.CUBOID_CENTER.ordinal(),
                        DigestKind.CUBOID_MEAN.ordinal(), DigestKind.CUBOID_CORNERS.ordinal());
    }
}
