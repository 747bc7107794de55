package dev.kvasir.model.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Gives the bytes of a tensor to a {@link GgufWriter}, a part at a time, so that no tensor need be in memory whole. */
public interface TensorSource {

    /** Writes all bytes of the tensor, in order. */
    void writeTo(Sink sink) throws IOException;

    /** Takes bytes to be written. */
    interface Sink {
        /** Writes all bytes of a segment; it may be used again afterwards. */
        void write(MemorySegment bytes) throws IOException;
    }
}
