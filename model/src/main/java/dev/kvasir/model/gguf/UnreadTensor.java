package dev.kvasir.model.gguf;

import java.util.List;

/**
 * A tensor that a file lists and Kvasir cannot compute with: of a type that it does not read, or without elements. A
 * model that does not need it runs.
 *
 * @param type the name of its type, as in llama.cpp
 * @param dims sizes as in the file, the innermost dimension first
 * @param offset its start, in bytes from the start of the tensor data
 * @param bytes its size; -1 if it cannot be known
 */
public record UnreadTensor(String name, String type, List<Integer> dims, long offset, long bytes) {
    public UnreadTensor {
        dims = List.copyOf(dims);
    }

    /** The number of all elements. */
    public long elements() {
        return dims.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }

    /** Why Kvasir cannot compute with it, as the rest of a sentence that begins with its name. */
    String problem() {
        return elements() == 0
                ? "has no elements"
                : "has the type %s, which Kvasir does not read".formatted(type);
    }
}
