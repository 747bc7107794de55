package dev.kvasir.model.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Supplies the bytes of a tensor to a {@link GgufWriter} part by part, so that a whole tensor is never in memory. */
public interface TensorSource {

    /** Writes all bytes of the tensor, in order. */
    void writeTo(Sink sink) throws IOException;

    /** Receives the bytes. */
    interface Sink {
        /** Writes all bytes of a segment. The caller may reuse the segment afterwards. */
        void write(MemorySegment bytes) throws IOException;
    }
}
