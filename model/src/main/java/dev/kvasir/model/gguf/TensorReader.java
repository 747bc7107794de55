package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the list of tensors and finds their bytes. */
final class TensorReader {
    private static final int MAX_DIMS = 4;
    private static final Map<Integer, TensorType> TYPES = Arrays.stream(TensorType.values())
            .collect(Collectors.toMap(TensorType::id, type -> type));

    /** Names of types that Kvasir does not read, by number, for messages. */
    private static final Map<Integer, String> FOREIGN_TYPES = new HashMap<>();

    static {
        String[] names = {"Q4_2", "Q4_3", "", "", "", "Q8_1", "Q2_K", "Q3_K", "", "", "", "Q8_K", "IQ2_XXS", "IQ2_XS",
            "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "",
            "", "", "", "TQ1_0", "TQ2_0", "", "", "", "MXFP4"};
        for (int i = 0; i < names.length; i++) {
            if (!names[i].isEmpty()) {
                FOREIGN_TYPES.put(i + 4, names[i]);
            }
        }
    }

    private final Cursor cursor;
    private final MemorySegment file;
    private final int alignment;

    /** An entry of the list of tensors. */
    private record Entry(String name, TensorType type, List<Integer> dims, long offset) {
        long rows() {
            return dims.stream().skip(1).mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        }
    }

    TensorReader(Cursor cursor, MemorySegment file, int alignment) {
        this.cursor = cursor;
        this.file = file;
        this.alignment = alignment;
    }

    /** All tensors by name, in the order of the file. */
    Map<String, GgufTensor> read(int count) throws GgufException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry("tensor " + (i + 1) + " of " + count));
        }
        long start = align(cursor.position(), alignment);
        var tensors = new LinkedHashMap<String, GgufTensor>();
        for (Entry entry : entries) {
            GgufTensor tensor = new GgufTensor(entry.name, entry.type, entry.dims, entry.offset, data(entry, start));
            if (tensors.putIfAbsent(entry.name, tensor) != null) {
                throw cursor.damaged("tensor %s occurs twice".formatted(entry.name));
            }
        }
        checkOverlaps(tensors);
        return tensors;
    }

    static long align(long position, int alignment) {
        return position + alignment - 1 & -(long) alignment;
    }

    private Entry entry(String which) throws GgufException {
        String name = cursor.readName("the name of " + which);
        int count = cursor.readInt("the dimensions of " + name);
        if (count < 1 || count > MAX_DIMS) {
            throw cursor.damaged("tensor %s has %s dimensions, not 1 to %d".formatted(name,
                    Integer.toUnsignedString(count), MAX_DIMS));
        }
        Integer[] dims = new Integer[count];
        long rows = 1;
        for (int i = 0; i < count; i++) {
            long dim = cursor.readLong("the dimensions of " + name);
            rows = i == 0 ? 1 : rows * Math.clamp(dim, 0, Integer.MAX_VALUE);
            if (dim < 1 || dim > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
                throw cursor.damaged("tensor %s has a dimension of %s, so it is not a matrix of 1 to %d rows"
                        .formatted(name, Long.toUnsignedString(dim), Integer.MAX_VALUE));
            }
            dims[i] = (int) dim;
        }
        TensorType type = type(name);
        if (dims[0] % type.blockElements() != 0) {
            throw cursor
                    .damaged("tensor %s has rows of %d elements, not a whole number of %s blocks of %d".formatted(name,
                            dims[0], type, type.blockElements()));
        }
        long offset = cursor.readLong("the offset of " + name);
        if (offset < 0 || offset % alignment != 0) {
            throw cursor.damaged("tensor %s begins at offset %s, not a multiple of the alignment %d".formatted(name,
                    Long.toUnsignedString(offset), alignment));
        }
        return new Entry(name, type, List.of(dims), offset);
    }

    private TensorType type(String name) throws GgufException {
        int id = cursor.readInt("the type of " + name);
        TensorType type = TYPES.get(id);
        if (type == null) {
            String known = FOREIGN_TYPES.containsKey(id) ? " (%s)".formatted(FOREIGN_TYPES.get(id)) : "";
            throw new GgufException(
                    "%s: tensor %s has type %s%s, which Kvasir does not read; choose a file with %s".formatted(
                            cursor.file(), name, Integer.toUnsignedString(id), known,
                            Arrays.stream(TensorType.values())
                                    .map(TensorType::toString)
                                    .collect(Collectors.joining(", "))));
        }
        return type;
    }

    private MemorySegment data(Entry entry, long start) throws GgufException {
        long available = Math.max(0, file.byteSize() - start) - entry.offset;
        long rowBytes = entry.type.bytes(entry.dims.getFirst());
        if (available < 0 || entry.rows() > available / rowBytes) {
            throw new GgufException(
                    "%s is truncated or damaged: tensor %s of %d rows of %d bytes at offset %d ends beyond the file's %d bytes; download or convert it again"
                            .formatted(cursor.file(), entry.name, entry.rows(), rowBytes, entry.offset,
                                    file.byteSize()));
        }
        return file.asSlice(start + entry.offset, entry.rows() * rowBytes);
    }

    private void checkOverlaps(Map<String, GgufTensor> tensors) throws GgufException {
        List<GgufTensor> sorted = tensors.values()
                .stream()
                .sorted(Comparator.comparingLong(GgufTensor::offset))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            GgufTensor previous = sorted.get(i - 1);
            GgufTensor tensor = sorted.get(i);
            if (tensor.offset() - previous.offset() < previous.data().byteSize()) {
                throw cursor.damaged("tensor %s at offset %d overlaps %s, which has %d bytes at offset %d".formatted(
                        tensor.name(), tensor.offset(), previous.name(), previous.data().byteSize(),
                        previous.offset()));
            }
        }
    }
}
