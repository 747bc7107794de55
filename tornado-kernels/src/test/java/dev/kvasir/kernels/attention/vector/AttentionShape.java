package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import java.util.Arrays;
import java.util.stream.Stream;

/** Shapes of pages and heads at awkward sizes: {@code lengths} has the tokens of each selection group. */
record AttentionShape(PageGeometry geometry, int shared, int[] lengths) {

    static AttentionShape of(KvType type, int pageSize, int heads, int headDim, int shared, int... lengths) {
        return new AttentionShape(new PageGeometry(pageSize, heads, headDim, type), shared, lengths);
    }

    static Stream<AttentionShape> all() {
        return Stream.of(of(KvType.F32, 32, 1, 64, 1, 1), of(KvType.F16, 32, 2, 128, 4, 27),
                of(KvType.BF16, 16, 2, 80, 2, 61), of(KvType.F16, 16, 1, 48, 3, 113, 15),
                of(KvType.F32, 64, 1, 96, 8, 482), of(KvType.F16, 32, 4, 64, 7, 577),
                of(KvType.F16, 4, 2, 64, 4, 577), of(KvType.BF16, 8, 1, 50, 1, 255, 257, 31),
                of(KvType.F16, 128, 1, 128, 1, 127, 128, 129, 1), of(KvType.F32, 4, 3, 7, 1, 113),
                of(KvType.F16, 8, 1, 128, 5, 1, 8, 9), of(KvType.F16, 32, 8, 64, 1, 33));
    }

    int queryHeads() {
        return shared * geometry.heads() * lengths.length;
    }

    @Override
    public String toString() {
        return "%s x%d %s".formatted(geometry, shared, Arrays.toString(lengths));
    }
}
