package dev.kvasir.kernels.digest.vector;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.parallel.Workers;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class PageDigestTest {

    /** A mean or a distance, of keys about 1 in size, may be rounded to a neighbour; all other numbers are the same. */
    @ParameterizedTest
    @EnumSource(DigestKind.class)
    void digestEqualsTheReference(DigestKind kind) {
        for (var type : KvType.values()) {
            double step = switch (type) {
                case F32 -> 1e-6;
                case F16 -> 1.0 / 1024;
                case BF16 -> 1.0 / 128;
            };
            for (int pageSize : new int[]{4, 8, 16, 32, 128}) {
                for (int headDim : new int[]{1, 7, 64}) {
                    var geometry = new PageGeometry(pageSize, 2, headDim, type);
                    checkDigest(kind, geometry, step);
                }
            }
        }
    }

    private static void checkDigest(DigestKind kind, PageGeometry geometry, double step) {
        var scene = new Scene(geometry, 3, geometry.pageSize());
        int each = kind.frames(geometry);
        int[] digestFrames = IntStream.range(scene.frames, scene.frames + each).toArray();
        int frame = scene.lists[0].frames()[0];
        int lane = geometry.pageSize() - 1;
        try (var workers = new Workers(1)) {
            var forms = Digests.forms(geometry, scene.frames + each, workers);
            for (var form : forms) {
                scene.append(Scene.vector(form.frames()));
                form.digest(kind, frame, digestFrames, lane);
            }
            for (int head = 0; head < geometry.heads(); head++) {
                for (int row = 0; row < kind.rows(geometry); row++) {
                    double expected = number(forms.getFirst(), digestFrames, each, lane, head, row);
                    double actual = number(forms.getLast(), digestFrames, each, lane, head, row);
                    assertThat(Math.abs(actual - expected)).as("%s head %d row %d", geometry, head, row)
                            .isLessThanOrEqualTo(step * Math.max(1, Math.abs(expected)));
                }
            }
        }
    }

    private static double number(Digests form, int[] digestFrames, int each, int lane, int head, int row) {
        var frames = form.frames();
        return Elements.get(frames.geometry().type(), frames.memory(),
                frames.digestOffset(digestFrames, each, lane, head, row));
    }

    @Test
    void radiusBeyondHalfFloatsStaysFinite() {
        var geometry = new PageGeometry(16, 1, 64, KvType.F16);
        float[] keys = new float[16 * 64];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = i / 64 % 2 == 0 ? 60000 : -60000;
        }
        float[] q = new float[64];
        q[0] = 1;
        try (var workers = new Workers(1)) {
            for (var form : Digests.forms(geometry, 2, workers)) {
                form.append(0, 0, 16, keys, 64);
                float[] importance = new float[1];
                for (var kind : new DigestKind[]{DigestKind.SPHERE_MAX, DigestKind.SPHERE_CENTER,
                    DigestKind.SPHERE_MEAN}) {
                    form.digest(kind, 0, new int[]{1}, 0);
                    form.score(kind, HeadAggregation.MEAN, new int[]{1}, 1, q, 0, 1, importance);
                    assertThat(importance[0]).isEqualTo(65504f);
                }
            }
        }
    }
}
