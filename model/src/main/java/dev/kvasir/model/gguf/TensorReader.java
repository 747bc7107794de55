package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the list of tensors and finds their bytes. */
final class TensorReader {
    private static final int MAX_DIMS = 4;
    private static final Map<Integer, TensorType> TYPES = Arrays.stream(TensorType.values())
            .collect(Collectors.toMap(TensorType::id, type -> type));

    private final Cursor cursor;
    private final MemorySegment file;
    private final int alignment;

    /** An entry of the list of tensors. */
    private record Entry(String name, int typeId, List<Integer> dims, long offset) {
        @Nullable
        TensorType type() {
            return TYPES.get(typeId);
        }

        boolean isRead() {
            return type() != null && rows() > 0 && dims.getFirst() > 0;
        }

        UnreadTensor unread() {
            TensorType known = type();
            GgmlType type = known == null
                    ? GgmlType.unread(typeId)
                    : new GgmlType(typeId, known.toString(), known.blockElements(), known.blockBytes());
            return new UnreadTensor(name, type.name(), dims, offset, type.bytes(dims.getFirst(), rows()));
        }

        long rows() {
            return dims.stream().skip(1).mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        }
    }

    TensorReader(Cursor cursor, MemorySegment file, int alignment) {
        this.cursor = cursor;
        this.file = file;
        this.alignment = alignment;
    }

    /**
     * The tensors of a file, by name and in the order of the file.
     *
     * @param read those that Kvasir can compute with
     * @param unread the others
     */
    record Tensors(Map<String, GgufTensor> read, Map<String, UnreadTensor> unread) {}

    Tensors read(int count) throws GgufException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry("tensor " + (i + 1) + " of " + count));
        }
        long start = align(cursor.position(), alignment);
        var tensors = new LinkedHashMap<String, GgufTensor>();
        var unread = new LinkedHashMap<String, UnreadTensor>();
        for (Entry entry : entries) {
            if (tensors.containsKey(entry.name) || unread.containsKey(entry.name)) {
                throw cursor.damaged("tensor %s occurs twice".formatted(entry.name));
            }
            TensorType type = entry.type();
            if (type == null || !entry.isRead()) {
                unread.put(entry.name, entry.unread());
            } else {
                tensors.put(entry.name,
                        new GgufTensor(entry.name, type, entry.dims, entry.offset, data(entry, type, start)));
            }
        }
        checkOverlaps(tensors);
        return new Tensors(tensors, unread);
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
            if (dim < 0 || dim > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
                throw cursor.damaged("tensor %s has a dimension of %s, so it is not a matrix of up to %d rows"
                        .formatted(name, Long.toUnsignedString(dim), Integer.MAX_VALUE));
            }
            dims[i] = (int) dim;
        }
        int typeId = cursor.readInt("the type of " + name);
        TensorType type = TYPES.get(typeId);
        if (type != null && dims[0] % type.blockElements() != 0) {
            throw cursor
                    .damaged("tensor %s has rows of %d elements, not a whole number of %s blocks of %d".formatted(name,
                            dims[0], type, type.blockElements()));
        }
        long offset = cursor.readLong("the offset of " + name);
        if (offset < 0 || offset % alignment != 0) {
            throw cursor.damaged("tensor %s begins at offset %s, not a multiple of the alignment %d".formatted(name,
                    Long.toUnsignedString(offset), alignment));
        }
        return new Entry(name, typeId, List.of(dims), offset);
    }

    private MemorySegment data(Entry entry, TensorType type, long start) throws GgufException {
        long available = Math.max(0, file.byteSize() - start) - entry.offset;
        long rowBytes = type.bytes(entry.dims.getFirst());
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
