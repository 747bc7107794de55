package dev.kvasir.kernels.tornado;

import dev.kvasir.kernels.page.DigestKind;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.reference.Elements;
import java.util.Random;
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
        int[] source = {4, -1, 2, 3};
        int[] target = {0, 1, 1, 0};
        int[] lane = {geometry.pageSize() - 1, 2, 0, 1};
        var frames = digested(kind, geometry, source, target, lane, random);
        var expected = frames.copy();
        boolean exact = kind == DigestKind.CUBOID_MAX;
        double tolerance = exact ? 0 : geometry.type() == KvType.F32 ? 3e-5 : 4e-3;
        for (int i = 0; i < source.length; i++) {
            for (int head = 0; source[i] >= 0 && head < geometry.heads(); head++) {
                dev.kvasir.kernels.reference.PageDigest.digest(expected, kind, source[i], head, target[i], lane[i]);
                for (int row = 0; row < kind.rows(geometry.headDim()); row++) {
                    long at = expected.offset(target[i]) + geometry.digestOffset(head, row, lane[i]);
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
            var frames = digested(DigestKind.SPHERE_MAX, geometry, new int[]{4, 3}, new int[]{0, 0}, new int[]{5, 6},
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

    private static DeviceFrames digested(DigestKind kind, PageGeometry geometry, int[] sourceFrames,
            int[] targetFrames, int[] lanes, Random random) {
        var frames = new DeviceFrames(geometry, 5);
        for (int frame = 2; frame < 5; frame++) {
            frames.fill(frame, geometry.pageSize(), random);
        }
        var source = IntArray.fromArray(sourceFrames);
        var target = IntArray.fromArray(targetFrames);
        var lane = IntArray.fromArray(lanes);
        TornadoRun.run(tasks -> {
            if (frames.isHalf()) {
                tasks.graph()
                        .task("digest", PageDigest::digestHalf, tasks.context(), frames.halves, source, target,
                                lane, kind.ordinal(), geometry.heads(), geometry.headDim(), geometry.pageSize());
            } else {
                tasks.graph()
                        .task("digest", PageDigest::digest, tasks.context(), frames.floats, source, target, lane,
                                kind.ordinal(), geometry.heads(), geometry.headDim(), geometry.pageSize());
            }
            tasks.launch("digest", PageDigest.grid(sourceFrames.length, geometry.heads()));
        }, frames.array(), source, target, lane);
        return frames;
    }

    @Test
    void kindsAreNumberedAsInTheEnum() {
        for (var kind : DigestKind.values()) {
            assertThat(DigestKinds.rows(kind.ordinal(), 40)).isEqualTo(kind.rows(40));
        }
        assertThat(new int[]{DigestKinds.CENTROID, DigestKinds.SPHERE_MAX, DigestKinds.SPHERE_CENTER,
            DigestKinds.SPHERE_MEAN, DigestKinds.CUBOID_MAX, DigestKinds.CUBOID_CENTER, DigestKinds.CUBOID_MEAN})
                .containsExactly(DigestKind.CENTROID.ordinal(), DigestKind.SPHERE_MAX.ordinal(),
                        DigestKind.SPHERE_CENTER.ordinal(), DigestKind.SPHERE_MEAN.ordinal(),
                        DigestKind.CUBOID_MAX.ordinal(), DigestKind.CUBOID_CENTER.ordinal(),
                        DigestKind.CUBOID_MEAN.ordinal());
    }
}
