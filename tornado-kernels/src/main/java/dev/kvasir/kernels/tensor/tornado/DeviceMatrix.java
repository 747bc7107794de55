package dev.kvasir.kernels.tensor.tornado;

import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kernels.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * A weight matrix in device arrays, with as many bits a weight as in its file. The quants of a block are stored apart from
 * its scale, because blocks of 34 or 18 bytes are not aligned to words. Quants are in 32-bit words: a thread loads several
 * at once, and neighbouring threads, which take neighbouring words of a row, share each memory transaction. The quants of a
 * word are spread over their block, so that neighbouring words are multiplied with neighbouring elements of {@code x}, and
 * threads share these transactions too.
 *
 * <pre>
 * F32   floats[r cols + c]
 * F16   halves[r cols + c]
 * Q8_0  words[r cols / 4 + 8 b + j]      byte k: element j + 8 k of block b
 * Q4_0  words[r cols / 8 + 4 b + j]      nibble k: element j + 4 k of block b, plus 8
 *       halves[r cols / 32 + b]          the scale of block b of 32 elements
 * </pre>
 *
 * Arrays that a type does not use have one element. On a device without 16-bit floats, {@code bits} takes the place of
 * {@code halves} ({@link Half}).
 *
 * <table>
 * <caption>Types without device kernels, and the types they are converted to</caption>
 * <tr><th>in the file</th><th>on the device</th></tr>
 * <tr><td>BF16</td><td>F32, exact: twice the bytes</td></tr>
 * <tr><td>Q5_0</td><td>Q8_0, exact</td></tr>
 * <tr><td>Q4_1, Q5_1, Q4_K, Q5_K, Q6_K</td><td>F16, two bytes a weight: each weight rounded by at most one part in
 * 2048, an error far below that of the quantisation</td></tr>
 * </table>
 *
 * @param type on the device: F32, F16, Q8_0 or Q4_0
 * @param nativeHalf whether binary16 numbers lie in {@code halves}, else in {@code bits}
 * @param rows length of {@code y} in {@code y = W x}
 * @param cols length of {@code x}
 */
public record DeviceMatrix(TensorType type, boolean nativeHalf, FloatArray floats, IntArray words,
        HalfFloatArray halves, ShortArray bits, int rows, int cols) {
    // The type as an argument of kernels: the numbers of GGUF.
    static final int F32 = 0;
    public static final int F16 = 1;
    static final int Q4_0 = 2;
    static final int Q8_0 = 8;

    /**
     * Stacks matrices of equal width below each other into one: a single matrix; query, key and value; or gate and up, for
     * the fused kernels. If their types on the device differ, all take the widest.
     *
     * @param nativeHalf whether the device has 16-bit floats: PTX and CUDA have, PoCL has not
     * @throws IllegalArgumentException if their widths differ, or an array would hold more than {@code 2^31 - 1} elements
     */
    public static DeviceMatrix of(boolean nativeHalf, Matrix... parts) {
        return MatrixUpload.stack(nativeHalf, parts);
    }

    /** The type that a matrix of {@code type} has on the device. */
    public static TensorType deviceType(TensorType type) {
        return switch (type) {
            case F32, BF16 -> TensorType.F32;
            case F16, Q4_1, Q5_1, Q4_K, Q5_K, Q6_K -> TensorType.F16;
            case Q8_0, Q5_0 -> TensorType.Q8_0;
            case Q4_0 -> TensorType.Q4_0;
        };
    }

    /** Bytes that {@link #of} takes on the device, but for the headers of arrays and those of one element. */
    public static long deviceBytes(Matrix... parts) {
        long sum = 0;
        for (Matrix part : parts) {
            sum += part.rows() * MatrixUpload.commonType(parts).bytes(part.cols());
        }
        return sum;
    }

    /** Bytes on the device. */
    public long bytes() {
        return type.bytes((long) rows * cols);
    }

    /** The arrays that kernels are given, to transfer once. */
    public List<Object> arrays() {
        return List.of(floats, words, halves, bits);
    }

    /** The type as an argument of kernels. */
    public int code() {
        return type.id();
    }

    /** {@link #nativeHalf} as an argument of kernels. */
    public int nativeHalfCode() {
        return nativeHalf ? 1 : 0;
    }

    /**
     * Samples {@code kernel.f32} to {@code kernel.q4_0} of a kernel that reads a matrix, one for each type on a device.
     *
     * @param rows of the matrix, which has a column for each element of a hidden state
     */
    public static List<KernelSample> samples(String kernel, int rows,
            BiConsumer<KernelSample.Arguments, DeviceMatrix> setup) {
        return Stream.of(TensorType.F32, TensorType.F16, TensorType.Q8_0, TensorType.Q4_0)
                .map(type -> KernelSample.of(kernel + "." + type.name().toLowerCase(Locale.ROOT), a -> {
                    var zeros = Arena.ofAuto().allocate(type.bytes((long) rows * KernelSample.HIDDEN));
                    var matrix = of(a.half(), new Matrix(type, zeros, rows, KernelSample.HIDDEN));
                    a.upload(matrix.arrays());
                    setup.accept(a, matrix);
                }))
                .toList();
    }
}
