package dev.kvasir.model.gguf;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DamagedGgufTest {
    private static final int F32 = 0;
    private static final int Q8_0 = 8;

    @TempDir
    Path folder;

    @Test
    void emptyFile() {
        fails(new byte[0], "is empty");
    }

    @Test
    void folderAndMissingFile() {
        assertThatThrownBy(() -> GgufFile.open(folder)).isInstanceOf(GgufException.class)
                .hasMessageEndingWith("is a folder; name a GGUF file in it");
        assertThatThrownBy(() -> GgufFile.open(folder.resolve("none.gguf"))).isInstanceOf(GgufException.class)
                .hasMessageEndingWith("none.gguf does not exist; check the path");
    }

    @Test
    void otherKindsOfFileAreRecognised() {
        fails(new RawGguf().text("hello, world").bytes(), "is not a GGUF file: it begins with \"hell\"",
                "choose a model in the GGUF format");
        fails(new RawGguf().u8(1).u8('"').bytes(), "it begins with \"\\x01\\x22\"");
        fails(new RawGguf().text("PK\3\4 and more").bytes(), "\"PK\\x03\\x04\"", "zip archive");
        fails(new RawGguf().u64(20).text("{\"a\":{\"dtype\":\"F32\"}}").bytes(), "safetensors");
        fails(new RawGguf().text("tjgg").u32(3).bytes(), "from before GGUF");
        fails(new RawGguf().text("version https://git-lfs.github.com/spec/v1\n").bytes(), "git lfs pull");
        fails(new RawGguf().text("<!DOCTYPE html>").bytes(), "web page");
        fails(llama2c(), "llama2.c");
    }

    @Test
    void versionsItDoesNotRead() {
        fails(new RawGguf().text("GGUF").u32(1).zeros(100).bytes(), "version 1", "2 and 3");
        fails(new RawGguf().text("GGUF").u32(4).zeros(100).bytes(), "version 4", "choose a file of version 3");
        fails(new RawGguf().text("GGUF").u8(0).u8(0).u8(0).u8(3).zeros(100).bytes(),
                "big-endian GGUF file of version 3");
    }

    @Test
    void everyTruncationIsFound() throws IOException {
        byte[] whole = valid();
        Path path = folder.resolve("cut.gguf");
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> GgufFile.open(path).close()).as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(GgufException.class);
        }
        fails(Arrays.copyOf(whole, 10), "it has 10 bytes, a GGUF header alone has 24");
        fails(Arrays.copyOf(whole, whole.length - 1), "tensor b of 1 rows of 34 bytes at offset 128",
                "download or convert it again");
    }

    @ParameterizedTest
    @ValueSource(longs = {1000, 1L << 31, 1L << 60, Long.MAX_VALUE, -1})
    void claimsBeyondTheFileAllocateNothing(long count) throws IOException {
        String claimed = Long.toUnsignedString(count);
        cheaply(RawGguf.claiming(count, 0).zeros(64).bytes(), "the number of tensors is " + claimed);
        cheaply(RawGguf.claiming(0, count).zeros(64).bytes(), "the number of metadata keys is " + claimed);
        cheaply(RawGguf.claiming(0, 1).u64(count).zeros(64).bytes(), "metadata key 1 of 1 is " + claimed);
        cheaply(RawGguf.claiming(0, 1).string("s").u32(8).u64(count).zeros(64).bytes(), "of s is " + claimed);
        for (GgufType type : GgufType.values()) {
            cheaply(RawGguf.claiming(0, 1).string("a").u32(9).u32(type.ordinal()).u64(count).zeros(64).bytes(),
                    "elements of a is " + claimed);
        }
        cheaply(RawGguf.claiming(0, 1).string("a").u32(9).u32(9).u64(1).u32(8).u64(count).zeros(64).bytes(),
                "elements of a is " + claimed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1000, Integer.MAX_VALUE, 1L << 31, 1L << 60, Long.MAX_VALUE, -1})
    void tensorsBeyondTheFileAllocateNothing(long size) throws IOException {
        cheaply(RawGguf.claiming(1, 0).tensor("t", F32, 0, size).pad().zeros(64).bytes(), "tensor t");
        cheaply(RawGguf.claiming(1, 0).tensor("t", F32, 0, 4, size).pad().zeros(64).bytes(), "tensor t");
        cheaply(RawGguf.claiming(1, 0).tensor("t", F32, 0, size, size, size, size).pad().zeros(64).bytes(),
                "tensor t");
        cheaply(RawGguf.claiming(1, 0).tensor("t", F32, size & -32, 4).pad().zeros(64).bytes(), "tensor t");
    }

    @Test
    void keysAndTensorsThatAreThereTwice() {
        fails(RawGguf.claiming(0, 2).key("k", 1).key("k", 2).zeros(8).bytes(), "metadata key k occurs twice");
        fails(RawGguf.claiming(2, 0).tensor("t", F32, 0, 8).tensor("t", F32, 32, 8).pad().zeros(64).bytes(),
                "tensor t occurs twice");
    }

    @Test
    void namesThatCannotBeQuoted() {
        fails(RawGguf.claiming(0, 1).string("k\u001b[2J").zeros(32).bytes(),
                "metadata key 1 of 1 has control characters");
        fails(RawGguf.claiming(0, 1).string("").zeros(32).bytes(), "metadata key 1 of 1 has 0 bytes");
        fails(RawGguf.claiming(0, 1).string("k".repeat(1025)).zeros(32).bytes(), "has 1025 bytes, not 1 to 1024");
    }

    @Test
    void overlappingTensors() {
        fails(RawGguf.claiming(2, 0).tensor("a", F32, 32, 16).tensor("b", F32, 64, 8).pad().zeros(128).bytes(),
                "tensor b at offset 64 overlaps a, which has 64 bytes at offset 32");
    }

    @Test
    void impossibleShapes() {
        fails(RawGguf.claiming(1, 0).tensor("t", Q8_0, 0, 48, 2).pad().zeros(128).bytes(),
                "rows of 48 elements, not a whole number of Q8_0 blocks of 32");
        fails(RawGguf.claiming(1, 0).tensor("t", F32, 0).pad().zeros(128).bytes(), "0 dimensions, not 1 to 4");
        fails(RawGguf.claiming(1, 0).tensor("t", F32, 0, 1, 1, 1, 1, 1).pad().zeros(128).bytes(), "5 dimensions");
        fails(RawGguf.claiming(1, 0).tensor("t", F32, 0, 4, -1).pad().zeros(128).bytes(),
                "a dimension of 18446744073709551615");
        fails(RawGguf.claiming(1, 0).tensor("t", F32, 4, 4).pad().zeros(128).bytes(),
                "begins at offset 4, not a multiple of the alignment 32");
    }

    @Test
    void alignmentsThatAreNone() {
        fails(RawGguf.claiming(0, 1).key("general.alignment", 0).bytes(), "general.alignment is 0, not a power of two");
        fails(RawGguf.claiming(0, 1).key("general.alignment", 48).bytes(),
                "general.alignment is 48, not a power of two");
        fails(RawGguf.claiming(0, 1).string("general.alignment").u32(8).string("32").bytes(),
                "general.alignment is a string, not a whole number");
    }

    @Test
    void otherValueTypes() {
        fails(RawGguf.claiming(0, 1).string("k").u32(13).zeros(8).bytes(),
                "k has a value of type 13, types are 0 to 12");
        fails(RawGguf.claiming(0, 1).string("k").u32(9).u32(77).u64(0).bytes(), "k has a value of type 77");
        fails(RawGguf.claiming(0, 1).string("k").u32(7).u8(2).zeros(8).bytes(), "k has a truth value of 2");
    }

    @Test
    void deeplyNestedArraysDoNotOverflowTheStack() {
        var nested = RawGguf.claiming(0, 1).string("k").u32(9);
        for (int i = 0; i < 100_000; i++) {
            nested.u32(9).u64(1);
        }
        fails(nested.u32(0).u64(0).bytes(), "k has arrays nested more than 8 deep");
    }

    @Test
    void aModelInOnePartIsNoSplitModel() throws IOException {
        GgufFile.open(write(RawGguf.claiming(0, 1).key("split.count", 1).bytes())).close();
    }

    private void cheaply(byte[] bytes, String... words) throws IOException {
        fails(bytes, words); // loads the classes
        Path path = write(bytes);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> GgufFile.open(path).close()).isInstanceOf(GgufException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }

    private void fails(byte[] bytes, String... words) {
        assertThatThrownBy(() -> GgufFile.open(write(bytes)).close()).isInstanceOf(GgufException.class)
                .hasMessageContaining("raw.gguf")
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("\n");
    }

    private static byte[] valid() {
        return RawGguf.claiming(2, 2)
                .key("general.alignment", 32)
                .string("words")
                .u32(9)
                .u32(8)
                .u64(2)
                .string("one")
                .string("two")
                .tensor("a", F32, 0, 4, 8)
                .tensor("b", Q8_0, 128, 32)
                .pad()
                .zeros(128 + 34)
                .bytes();
    }

    private static byte[] llama2c() {
        return new RawGguf().u32(64).u32(172).u32(5).u32(8).u32(4).u32(512).u32(512).zeros(4 * 64 * 513).bytes();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("raw.gguf"), bytes);
    }
}
