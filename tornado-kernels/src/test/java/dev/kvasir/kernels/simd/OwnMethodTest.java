package dev.kvasir.kernels.simd;

import dev.kvasir.kernels.attention.vector.RowSoftmax;
import dev.kvasir.kernels.digest.vector.CornerScore;
import dev.kvasir.kernels.page.vector.PageHalves;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Some kernels are written out so that C2 compiles each as a method of its own. Inlined into a caller that has used up the
 * room for inlining, calls of the Vector API would remain calls and leave their vectors on the heap.
 */
class OwnMethodTest {
    /** The JVM's FreqInlineSize: C2 inlines no larger method, however often it is called. */
    private static final int LARGEST_INLINED = 325;

    @Test
    void writtenOutKernelsAreTooLargeToBeInlined() {
        assertOwn(RowSoftmax.class, "weights");
        assertOwn(PageHalves.class, "oneScore", "fourScores", "oneValue", "fourValues");
        assertOwn(Tile.class, "fourByTwo", "oneByTwo", "allByOne");
        assertOwn(CornerScore.class, "addSpans");
    }

    private static void assertOwn(Class<?> type, String... methods) {
        ClassModel model = ClassFile.of().parse(bytes(type));
        for (String method : methods) {
            List<Integer> sizes = model.methods()
                    .stream()
                    .filter(each -> each.methodName().equalsString(method))
                    .map(each -> each.findAttribute(Attributes.code()).orElseThrow().codeLength())
                    .toList();
            assertThat(sizes).as("bytes of code of %s.%s", type.getSimpleName(), method)
                    .hasSize(1)
                    .allMatch(size -> size > LARGEST_INLINED);
        }
    }

    private static byte[] bytes(Class<?> type) {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
