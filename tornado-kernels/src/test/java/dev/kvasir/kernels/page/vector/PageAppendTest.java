package dev.kvasir.kernels.page.vector;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.Scene;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class PageAppendTest {

    @ParameterizedTest
    @EnumSource(KvType.class)
    void framesHoldTheSameBytesAsThoseOfTheReference(KvType type) {
        for (int pageSize : new int[]{4, 16, 32, 128}) {
            for (int headDim : new int[]{1, 7, 50, 64}) {
                var geometry = new PageGeometry(pageSize, 3, headDim, type);
                var scene = new Scene(geometry, 12, 5 * pageSize + 2);
                var expected = Scene.empty(geometry, scene.frames);
                scene.append(Scene.reference(expected));
                assertThat(scene.filled(0).memory().mismatch(expected.memory())).as("%s", geometry).isEqualTo(-1);
            }
        }
    }
}
