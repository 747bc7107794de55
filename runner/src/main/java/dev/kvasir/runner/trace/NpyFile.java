package dev.kvasir.runner.trace;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes an array as a file of NumPy's format 1.0: the bytes 93 4E 55 4D 50 59, version 1.0, the length of the header in
 * two bytes, a Python dictionary padded with blanks to a multiple of 64 bytes, then the numbers in C order.
 */
final class NpyFile {
    private static final int ALIGNMENT = 64; // bytes
    private static final int BEFORE_HEADER = 10; // bytes

    private NpyFile() {}

    /** Unsigned bytes. */
    static void write(Path file, byte[] numbers, int... shape) throws IOException {
        check(numbers.length, shape);
        try (OutputStream out = open(file, "|u1", shape)) {
            out.write(numbers);
        }
    }

    /** 32-bit integers. */
    static void write(Path file, int[] numbers, int... shape) throws IOException {
        check(numbers.length, shape);
        ByteBuffer bytes = buffer();
        try (OutputStream out = open(file, "<i4", shape)) {
            for (int number : numbers) {
                out.write(bytes.putInt(0, number).array());
            }
        }
    }

    /** 32-bit floats. */
    static void write(Path file, float[] numbers, int... shape) throws IOException {
        check(numbers.length, shape);
        ByteBuffer bytes = buffer();
        try (OutputStream out = open(file, "<f4", shape)) {
            for (float number : numbers) {
                out.write(bytes.putFloat(0, number).array());
            }
        }
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void check(int numbers, int[] shape) {
        if (Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b) != numbers) {
            throw new IllegalArgumentException("%d numbers are no array of %s".formatted(numbers,
                    Arrays.toString(shape)));
        }
    }

    private static OutputStream open(Path file, String type, int[] shape) throws IOException {
        String sizes = Arrays.stream(shape).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, sizes);
        int unpadded = BEFORE_HEADER + header.length() + 1;
        int padding = Math.floorMod(-unpadded, ALIGNMENT);
        byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        out.write(
                new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, (byte) (text.length >> 8)});
        out.write(text);
        return out;
    }
}
