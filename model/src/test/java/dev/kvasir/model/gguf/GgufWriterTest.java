package dev.kvasir.model.gguf;

import dev.kvasir.kernels.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GgufWriterTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Path path = folder.resolve("m.gguf");
        List<GgufValue> values = List.of(GgufValue.of("täxt"), GgufValue.of(true), GgufValue.of(7), GgufValue.of(1.5f),
                new GgufValue.Whole(GgufType.UINT8, 255), new GgufValue.Whole(GgufType.INT8, -1),
                new GgufValue.Whole(GgufType.UINT16, 65535), new GgufValue.Whole(GgufType.INT16, -2),
                new GgufValue.Whole(GgufType.INT32, -3), new GgufValue.Whole(GgufType.UINT64, -1),
                new GgufValue.Whole(GgufType.INT64, -4), new GgufValue.Real(GgufType.FLOAT64, 0.1),
                GgufArray.of(1, -2, 3), GgufArray.of(0.5f, -1f), GgufArray.ofStrings(List.of("", "ä", "bc")),
                GgufArray.of(GgufArray.of(1), GgufArray.ofStrings(List.of("x"))), GgufArray.ofStrings(List.of()));
        var writer = new GgufWriter();
        for (int i = 0; i < values.size(); i++) {
            writer.put("key" + i, values.get(i));
        }
        byte[] blocks = new byte[3 * 2 * 34];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = (byte) i;
        }
        long bytes = writer.tensor("odd", List.of(3), new float[]{1, 2, 3})
                .tensor("q", TensorType.Q8_0, List.of(64, 3), MemorySegment.ofArray(blocks))
                .write(path);
        assertThat(bytes).isEqualTo(Files.size(path));
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.version()).isEqualTo(3);
            assertThat(new ArrayList<>(file.metadata().values().values())).isEqualTo(values);
            assertThat(file.vector("odd")).containsExactly(1, 2, 3);
            GgufTensor q = file.tensor("q").orElseThrow();
            assertThat(q.type()).isEqualTo(TensorType.Q8_0);
            assertThat(q.dims()).containsExactly(64, 3);
            assertThat(q.data().mismatch(MemorySegment.ofArray(blocks))).isEqualTo(-1);
        }
    }

    @Test
    void aModelCopiedPieceByPieceIsTheSameFile() throws Exception {
        Path copy = folder.resolve("copy.gguf");
        try (GgufFile file = GgufFile.open(GgufFileTest.resource("/stories260k/stories260K-f32.gguf"))) {
            var writer = new GgufWriter();
            file.metadata().values().forEach(writer::put);
            file.tensors().forEach(tensor -> writer.tensor(tensor.name(), tensor.type(), tensor.dims(), tensor.data()));
            writer.write(copy);
        }
        assertThat(copy).hasSameBinaryContentAs(GgufFileTest.resource("/stories260k/stories260K-f32.gguf"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64, 4096})
    void alignmentIsTheMetadatas(int alignment) throws Exception {
        Path path = folder.resolve("m.gguf");
        new GgufWriter().put("general.alignment", GgufValue.of(alignment))
                .tensor("a", List.of(3), new float[]{1, 2, 3})
                .tensor("b", List.of(1), new float[]{4})
                .write(path);
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.tensor("b").orElseThrow().offset() % alignment).isZero();
            assertThat(file.vector("b")).containsExactly(4);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 100, 1000, 4000})
    void fullDiskLeavesNothingBehind(long room) throws Exception {
        Path path = folder.resolve("m.gguf");
        assertThatThrownBy(() -> writing(4096, room).write(path)).isInstanceOf(GgufException.class)
                .hasMessageContaining(
                        "m.gguf cannot be written (No space left on device): it failed after %d of".formatted(room))
                .hasMessageEndingWith("the partial file was deleted; free some space or write elsewhere");
        assertThat(files()).isEmpty();
    }

    @Test
    void failureLeavesTheOlderFileAsItWas() throws Exception {
        Path path = Files.writeString(folder.resolve("m.gguf"), "older");
        assertThatThrownBy(() -> writing(4096, 1000).write(path)).isInstanceOf(GgufException.class);
        assertThat(path).hasContent("older");
        assertThat(files()).containsExactly(path);
    }

    @Test
    void failingSourceLeavesNothingBehind() throws Exception {
        Path path = folder.resolve("m.gguf");
        assertThatThrownBy(() -> new GgufWriter().tensor("t", TensorType.F32, List.of(8), sink -> {
            sink.write(MemorySegment.ofArray(new byte[16]));
            throw new OutOfMemoryError("made up");
        }).write(path)).isInstanceOf(OutOfMemoryError.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void endOfTheJvmLeavesNothingBehind() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process child = new ProcessBuilder(java.toString(), "-cp", System.getProperty("java.class.path"),
                EndsWhileWriting.class.getName(), folder.resolve("m.gguf").toString()).inheritIO().start();
        assertThat(child.waitFor()).isEqualTo(EndsWhileWriting.EXIT_CODE);
        assertThat(files()).isEmpty();
    }

    /** Ends its JVM in the middle of a file. */
    static final class EndsWhileWriting {
        static final int EXIT_CODE = 42;

        private EndsWhileWriting() {}

        public static void main(String[] args) throws Exception {
            Path path = Path.of(args[0]);
            new GgufWriter().tensor("t", TensorType.F32, List.of(1 << 20), sink -> {
                sink.write(MemorySegment.ofArray(new byte[1 << 20]));
                try (Stream<Path> files = Files.list(path.toAbsolutePath().getParent())) {
                    System.exit(files.count() == 1 ? EXIT_CODE : 1);
                }
            }).write(path);
        }
    }

    @Test
    void sourceMustGiveWhatTheShapeSays() throws Exception {
        Path path = folder.resolve("m.gguf");
        assertThatThrownBy(() -> new GgufWriter().tensor("t", TensorType.F32, List.of(8),
                MemorySegment.ofArray(new byte[16])).write(path)).isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor t was given 16 bytes less than its 32");
        assertThatThrownBy(() -> new GgufWriter().tensor("t", TensorType.F32, List.of(8),
                MemorySegment.ofArray(new byte[33])).write(path)).isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor t was given more than its 32 bytes");
        assertThat(files()).isEmpty();
    }

    @Test
    void tooLargeForTheDiskIsToldBeforeAnythingIsWritten() throws Exception {
        int[] asked = {0};
        assertThatThrownBy(() -> new GgufWriter()
                .tensor("t", TensorType.F32, List.of(1 << 30, 1 << 20), sink -> asked[0]++)
                .write(folder.resolve("m.gguf"))).isInstanceOf(GgufException.class)
                .hasMessageContaining("m.gguf needs 4503599627370")
                .hasMessageContaining("are free in " + folder);
        assertThat(asked[0]).isZero();
        assertThat(files()).isEmpty();
    }

    @Test
    void foldersAreToldApartFromFiles() {
        assertThatThrownBy(() -> new GgufWriter().write(folder)).isInstanceOf(GgufException.class)
                .hasMessageEndingWith("is a folder; name a file in it");
        assertThatThrownBy(() -> new GgufWriter().write(folder.resolve("none/m.gguf")))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("there is no folder " + folder.resolve("none"));
    }

    @Test
    void progressGrowsToTheWhole() throws Exception {
        List<Long> seen = new ArrayList<>();
        long total = new GgufWriter().tensor("t", List.of(1 << 20), new float[1 << 20])
                .write(folder.resolve("m.gguf"), (tensor, bytes, all) -> seen.add(bytes));
        assertThat(seen).hasSize(4).isSorted().last().isEqualTo(total);
    }

    private static GgufWriter writing(int floats, long room) {
        return new GgufWriter(path -> new FullDisk(
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), room))
                .tensor("t", List.of(floats), new float[floats]);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** A channel that accepts a fixed number of bytes. */
    private static final class FullDisk implements WritableByteChannel {
        private final FileChannel file;
        private long room;

        FullDisk(FileChannel file, long room) {
            this.file = file;
            this.room = room;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int count = (int) Math.min(room, source.remaining());
            file.write(source.slice(source.position(), count));
            source.position(source.position() + count);
            room -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
