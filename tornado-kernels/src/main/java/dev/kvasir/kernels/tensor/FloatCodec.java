package dev.kvasir.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** IEEE 754 binary32. */
final class FloatCodec extends TensorCodec {
    static final FloatCodec INSTANCE = new FloatCodec();

    private FloatCodec() {
        super(TensorType.F32);
    }

    @Override
    void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset) {
        target[targetOffset] = source.get(FLOAT, offset);
    }

    @Override
    void encodeBlock(float[] source, int sourceOffset, MemorySegment target, long offset) {
        target.set(FLOAT, offset, source[sourceOffset]);
    }
}
