package dev.kvasir.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** bfloat16: the upper half of a binary32, rounded to nearest even. */
final class BrainCodec extends TensorCodec {
    static final BrainCodec INSTANCE = new BrainCodec();

    private BrainCodec() {
        super(TensorType.BF16);
    }

    @Override
    void decodeBlock(MemorySegment source, long offset, float[] target, int targetOffset) {
        target[targetOffset] = Float.intBitsToFloat(source.get(SHORT, offset) << 16);
    }

    @Override
    void encodeBlock(float[] source, int sourceOffset, MemorySegment target, long offset) {
        target.set(SHORT, offset, BFloat16.fromFloat(source[sourceOffset]));
    }
}
