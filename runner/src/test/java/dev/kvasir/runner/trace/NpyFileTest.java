package dev.kvasir.runner.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NpyFileTest {
    @TempDir
    private Path folder;

    private static String header(byte[] bytes) {
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
        assertThat((10 + length) % 64).as("the numbers begin at a multiple of 64 bytes").isZero();
        return new String(bytes, 10, length, StandardCharsets.US_ASCII);
    }

    @Test
    void aFileIsByteForByteWhatTheFormatSays() throws IOException {
        Path file = folder.resolve("a.npy");
        NpyFile.write(file, new float[]{1, -2.5f, Float.NaN, 4, 5, 6}, 2, 3);

        byte[] bytes = Files.readAllBytes(file);

        assertThat(bytes).hasSize(128 + 24).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
        assertThat(header(bytes)).isEqualTo(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3,), }" + " ".repeat(57) + "\n");
        ByteBuffer numbers = ByteBuffer.wrap(bytes, 128, 24).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new float[]{numbers.getFloat(), numbers.getFloat(), numbers.getFloat(), numbers.getFloat(),
            numbers.getFloat(), numbers.getFloat()}).containsExactly(1, -2.5f, Float.NaN, 4, 5, 6);
    }

    @Test
    void bytesAndIntegersHaveTheirTypes() throws IOException {
        NpyFile.write(folder.resolve("u.npy"), new byte[]{1, (byte) 200}, 2);
        NpyFile.write(folder.resolve("i.npy"), new int[]{-7}, 1, 1);

        byte[] unsigned = Files.readAllBytes(folder.resolve("u.npy"));
        byte[] integers = Files.readAllBytes(folder.resolve("i.npy"));

        assertThat(header(unsigned)).startsWith("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }");
        assertThat(unsigned).endsWith(1, 200);
        assertThat(header(integers)).startsWith("{'descr': '<i4', 'fortran_order': False, 'shape': (1, 1,), }");
        assertThat(integers).endsWith(0xF9, 0xFF, 0xFF, 0xFF);
    }

    @Test
    void aShapeThatDoesNotHoldTheNumbersIsRefused() {
        assertThatThrownBy(() -> NpyFile.write(folder.resolve("x.npy"), new byte[5], 2, 3))
                .hasMessage("5 numbers are no array of [2, 3]");
    }
}
