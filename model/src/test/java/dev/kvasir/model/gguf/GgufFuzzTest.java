package dev.kvasir.model.gguf;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kernels.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever is done to a small valid file: it is read, or refused with a sentence, at little cost. */
class GgufFuzzTest {
    /** Numbers that overflow, wrap, or are just too large somewhere. */
    private static final long[] CLAIMS = {0, 1, 7, 255, 1 << 20, Integer.MAX_VALUE, 1L << 31, (1L << 32) - 1, 1L << 32,
        1L << 60, (1L << 61) + 1, Long.MAX_VALUE, Long.MIN_VALUE, -1, -32, -33};
    private static final long MAX_ALLOCATED = 1 << 20;

    private static @Nullable Path path;
    private static byte[] valid = {};
    /** Where the tensors' contents begin: damage there cannot be seen. */
    private static int headerBytes;

    @BeforeContainer
    static void writeValidFile() throws IOException {
        path = Files.createTempFile("kvasir-fuzz", ".gguf");
        new GgufWriter().put("general.architecture", GgufValue.of("llama"))
                .put("general.alignment", GgufValue.of(32))
                .put("llama.block_count", GgufValue.of(2))
                .put("epsilon", GgufValue.of(1e-5f))
                .put("flag", GgufValue.of(true))
                .put("long", new GgufValue.Whole(GgufType.UINT64, 1L << 40))
                .put("tokens", GgufArray.ofStrings(List.of("<unk>", "a", "", "bc", "é")))
                .put("scores", GgufArray.of(0f, 1f, 2f))
                .put("nested", GgufArray.of(GgufArray.of(1, 2), GgufArray.ofStrings(List.of("x", "y"))))
                .tensor("token_embd.weight", TensorType.Q8_0, List.of(64, 3), MemorySegment.ofArray(new byte[204]))
                .tensor("output_norm.weight", List.of(5), new float[5])
                .tensor("blk.0.attn_q.weight", List.of(4, 2, 3), new float[24])
                .write(path);
        valid = Files.readAllBytes(path);
        headerBytes = valid.length - 224 - 32 - 96;
        for (int i = 0; i < 200; i++) {
            open(); // afterwards allocations are the reader's own
        }
    }

    @AfterContainer
    static void deleteFile() throws IOException {
        Files.delete(requireNonNull(path));
    }

    @Property(tries = 1500, seed = "1")
    void flippedBytes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int flips) throws IOException {
        var random = new SplittableRandom(seed);
        byte[] bytes = valid.clone();
        for (int i = 0; i < flips; i++) {
            bytes[random.nextInt(headerBytes)] = (byte) random.nextInt();
        }
        readsOrRefuses(bytes);
    }

    @Property(tries = 1500, seed = "2")
    void claimedNumbers(@ForAll long seed) throws IOException {
        var random = new SplittableRandom(seed);
        byte[] bytes = valid.clone();
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long claim = CLAIMS[random.nextInt(CLAIMS.length)];
        if (random.nextBoolean()) {
            buffer.putLong(random.nextInt(headerBytes - 8), claim);
        } else {
            buffer.putInt(random.nextInt(headerBytes - 4), (int) claim);
        }
        readsOrRefuses(bytes);
    }

    @Property(tries = 500, seed = "3")
    void truncatedAndLengthened(@ForAll long seed) throws IOException {
        var random = new SplittableRandom(seed);
        readsOrRefuses(Arrays.copyOf(valid, random.nextInt(2 * valid.length)));
    }

    @Property(tries = 500, seed = "4")
    void cutOutAndMovedParts(@ForAll long seed) throws IOException {
        var random = new SplittableRandom(seed);
        byte[] bytes = valid.clone();
        int from = random.nextInt(headerBytes);
        int to = random.nextInt(headerBytes);
        int length = random.nextInt(1, 40);
        System.arraycopy(bytes, from, bytes, to, Math.min(length, bytes.length - Math.max(from, to)));
        readsOrRefuses(bytes);
    }

    @Property(tries = 500, seed = "5")
    void noiseAfterAValidStart(@ForAll long seed) throws IOException {
        var random = new SplittableRandom(seed);
        byte[] bytes = valid.clone();
        int from = random.nextInt(8, 64);
        byte[] noise = new byte[bytes.length - from];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, from, noise.length);
        readsOrRefuses(bytes);
    }

    private static void readsOrRefuses(byte[] bytes) throws IOException {
        Files.write(requireNonNull(path), bytes);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        open();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MAX_ALLOCATED);
    }

    /** Any other exception, and any error, fails the test. */
    private static void open() {
        try (GgufFile file = GgufFile.open(requireNonNull(path))) {
            file.metadata().values().values().forEach(GgufFuzzTest::readAll);
            file.tensors().forEach(tensor -> assertThat(tensor.decode()).hasSize((int) tensor.elements()));
        } catch (GgufException e) {
            assertThat(e.getMessage()).contains(requireNonNull(path).toString()).doesNotContain("\n");
        }
    }

    private static void readAll(GgufValue value) {
        assertThat(value.toString()).isNotNull();
        if (value instanceof GgufArray array) {
            array.forEach(GgufFuzzTest::readAll);
        }
    }
}
