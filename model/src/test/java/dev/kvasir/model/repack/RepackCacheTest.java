package dev.kvasir.model.repack;

import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.gguf.GgufFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RepackCacheTest {
    private static final RepackPlaces BESIDE = new RepackPlaces(true, List.of());
    private static final String WEIGHT = "blk.0.ffn_down.weight";

    @TempDir
    private Path folder;
    private final Workers workers = new Workers(2);

    @AfterEach
    void endWorkers() {
        workers.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-q8_0", "llama-q4_0", "llama-q5_1", "llama-q4_K_M", "llama-q6_K", "llama-tied-f16",
        "llama-bf16", "llama-gqa-f32"})
    void logitsAreTheSameBitsWithoutWithANewAndWithAnOldFile(String name) throws Exception {
        Path model = model(name);
        float[] plain = logits(model, RepackPlaces.NONE);
        assertThat(logits(model, BESIDE)).isEqualTo(plain);
        assertThat(kept(model)).exists();
        assertThat(logits(model, BESIDE)).isEqualTo(plain);
    }

    @Test
    void theSecondStartMapsWhatTheFirstHasPacked() throws Exception {
        Path model = model("llama-q8_0");
        try (GgufFile file = GgufFile.open(model);
                var first = new RepackCache(BESIDE, file, workers);
                PackedMatrix packed = first.pack(WEIGHT, weight(file))) {
            assertThat(packed.contents().isMapped()).isFalse();
            first.keep();
            try (var second = new RepackCache(BESIDE, file, workers);
                    PackedMatrix mapped = second.pack(WEIGHT, weight(file))) {
                assertThat(mapped.contents().isMapped()).isTrue();
                assertThat(mapped.contents().mismatch(packed.contents())).isEqualTo(-1);
                assertThat(mapped.scaleUnits()).isEqualTo(packed.scaleUnits());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 17, 100, (2 << 20) + 5, -70})
    void aByteThatIsNotAsItWasHasTheFileMadeAnew(long at) throws Exception {
        Path model = model("llama-q8_0");
        float[] plain = logits(model, BESIDE);
        byte[] good = Files.readAllBytes(kept(model));
        flip(kept(model), at < 0 ? good.length - 4096 + at + 70 : at);
        assertThat(logits(model, BESIDE)).isEqualTo(plain);
        assertThat(kept(model)).hasBinaryContent(good);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 300, 2 << 20, (2 << 20) + 5000})
    void aFileThatIsCutOffIsMadeAnew(int length) throws Exception {
        Path model = model("llama-q8_0");
        float[] plain = logits(model, BESIDE);
        byte[] good = Files.readAllBytes(kept(model));
        try (var file = new RandomAccessFile(kept(model).toFile(), "rw")) {
            file.setLength(length);
        }
        assertThat(logits(model, BESIDE)).isEqualTo(plain);
        assertThat(kept(model)).hasBinaryContent(good);
    }

    @Test
    void damageIsToldInASentence() throws Exception {
        Path model = model("llama-q8_0");
        logits(model, BESIDE);
        flip(kept(model), (2 << 20) + 5);
        try (GgufFile file = GgufFile.open(model)) {
            String key = RepackKey.of(file);
            assertThatThrownBy(() -> RepackFile.open(kept(model), key, workers)).isInstanceOf(IOException.class)
                    .hasMessageContaining("weight have changed since they were written");
            assertThatThrownBy(() -> RepackFile.open(kept(model), "another", workers))
                    .hasMessageStartingWith("it was made for ");
        }
    }

    @Test
    void aModelWithOtherWeightsOrAnotherTimeIsPackedAnew() throws Exception {
        Path model = model("llama-q8_0");
        logits(model, BESIDE);
        byte[] old = Files.readAllBytes(kept(model));
        byte[] changed = Files.readAllBytes(model);
        try (GgufFile file = GgufFile.open(model)) {
            long data = file.bytes() - weight(file).data().byteSize();
            changed[(int) data] ^= 1;
        }
        FileTime time = Files.getLastModifiedTime(model);
        Files.write(model, changed);
        Files.setLastModifiedTime(model, time);
        assertThat(logits(model, BESIDE)).isEqualTo(logits(model, RepackPlaces.NONE));
        Files.setLastModifiedTime(model, FileTime.fromMillis(1_700_000_000_000L));
        try (GgufFile file = GgufFile.open(model)) {
            String key = RepackKey.of(file);
            assertThatThrownBy(() -> RepackFile.open(kept(model), key, workers))
                    .hasMessageContaining("1700000000000000000 ns");
        }
        assertThat(logits(model, BESIDE)).isEqualTo(logits(model, RepackPlaces.NONE));
        assertThat(Files.readAllBytes(kept(model))).isNotEqualTo(old);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1000, 2_100_000})
    void aFullDiskLosesNothingAndLeavesNothing(long room) throws Exception {
        Path model = model("llama-q8_0");
        try (GgufFile file = GgufFile.open(model);
                var cache = new RepackCache(BESIDE, file, workers, path -> new FullDisk(Files.newByteChannel(path,
                        java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE), room));
                PackedMatrix packed = cache.pack(WEIGHT, weight(file))) {
            cache.keep();
            try (PackedMatrix plain = PackedMatrix.pack(weight(file), workers)) {
                assertThat(packed.contents().mismatch(plain.contents())).isEqualTo(-1);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(model);
        }
    }

    @Test
    void whereTheFirstPlaceTakesNoFilesTheNextOneDoes() throws Exception {
        Path model = model("llama-q8_0");
        Path blocked = Files.writeString(folder.resolve("file"), "no folder");
        Path free = folder.resolve("a/b");
        var places = new RepackPlaces(false, List.of(blocked, free));
        float[] plain = logits(model, places);
        assertThat(free).isNotEmptyDirectory();
        assertThat(logits(model, places)).isEqualTo(plain);
    }

    @Test
    void modelsOfOneNameDoNotShareAFile() {
        var places = new RepackPlaces(false, List.of(folder));
        assertThat(places.files(Path.of("/a/m.gguf"))).isNotEqualTo(places.files(Path.of("/b/m.gguf")));
        assertThat(BESIDE.files(Path.of("/a/m.gguf"))).containsExactly(
                Path.of("/a/m.gguf.kvasir-repack").toAbsolutePath());
        assertThat(RepackPlaces.NONE.isEmpty()).isTrue();
    }

    private Path model(String name) throws Exception {
        var resource = Objects.requireNonNull(getClass().getResource("/oracle/" + name + ".gguf"), name);
        return Files.copy(Path.of(resource.toURI()), folder.resolve(name + ".gguf"));
    }

    private static Path kept(Path model) {
        return BESIDE.files(model).getFirst();
    }

    private static Matrix weight(GgufFile file) {
        return file.findMatrix(WEIGHT).orElseThrow();
    }

    private static void flip(Path path, long at) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            int old = file.read();
            file.seek(at);
            file.write(old ^ 0x10);
        }
    }

    private static float[] logits(Path path, RepackPlaces places) {
        var options = EngineOptions.defaults().withThreads(2).withRepackPlaces(places);
        try (Model model = Model.load(path, options);
                KvCache cache = model.newCache(CacheOptions.FULL, 32, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, 32)) {
            session.prefill(new int[]{1, 5, 9, 13, 2, 7, 11, 3, 40, 60, 17});
            return session.step(8).clone();
        }
    }

    /** A channel that accepts a fixed number of bytes. */
    private record FullDisk(WritableByteChannel channel, long[] room) implements WritableByteChannel {
        FullDisk(WritableByteChannel channel, long room) {
            this(channel, new long[]{room});
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (bytes.remaining() > room[0]) {
                throw new IOException("No space left on device");
            }
            room[0] -= bytes.remaining();
            return channel.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
