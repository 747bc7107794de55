package dev.kvasir.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** IEEE 754 binary16, rounded to nearest even. */
final class HalfCodec extends TensorCodec {
    static final HalfCodec INSTANCE = new HalfCodec();

    private HalfCodec() {
        super(TensorType.F16);
    }

    @Override
    void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset) {
        target[targetOffset] = half(source, offset);
    }

    @Override
    void encodeBlock(float[] source, int sourceOffset, MemorySegment target, long offset) {
        target.set(SHORT, offset, Float.floatToFloat16(source[sourceOffset]));
    }
}
