package dev.kvasir.kernels.choice.tornado;

import dev.kvasir.kernels.choice.tornado.ladder.TopK1ArgMax;
import dev.kvasir.kernels.choice.tornado.ladder.TopK2Rank;
import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class TopKTest {
    enum Version {
        ARG_MAX,
        RANK,
        RADIX
    }

    /** What is selected from one table. */
    private record Range(int from, int to, int k) {}

    @ParameterizedTest
    @EnumSource(Version.class)
    void selectsAsTheReferenceDoes(Version version) {
        var random = new Random(1);
        int stride = 577;
        var ranges = new Range[]{new Range(0, 577, 61), new Range(2, 27, 7), new Range(0, 1, 1), new Range(3, 260, 256),
            new Range(1, 258, 1), new Range(10, 113, 500), new Range(0, 482, 0), new Range(5, 5, 3),
            new Range(9, 4, 2)};
        compare(version, Samples.floats(ranges.length * stride, random), stride, ranges, stride);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void theLowerOfEqualsWins(Version version) {
        var random = new Random(2);
        int stride = 301;
        var ranges = new Range[]{new Range(0, 301, 100), new Range(7, 290, 40), new Range(1, 301, 299),
            new Range(0, 300, 3)};
        float[] values = new float[ranges.length * stride];
        int[] distinct = {3, 2, 5, 1};
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextInt(distinct[i / stride]) - 1) * 0.37f;
        }
        compare(version, values, stride, ranges, stride);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void bothZerosAreEqualAndExtremesAreOrdered(Version version) {
        float[] row = {0f, -0f, Float.MAX_VALUE, -Float.MAX_VALUE, -0f, 0f, 1e-30f, -1e-30f, 1e30f, -1e30f, 65504f};
        var ranges = new Range[row.length + 1];
        float[] values = new float[ranges.length * row.length];
        for (int k = 0; k < ranges.length; k++) {
            ranges[k] = new Range(0, row.length, k);
            System.arraycopy(row, 0, values, k * row.length, row.length);
        }
        compare(version, values, row.length, ranges, row.length);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void selectsNoMoreThanThereIsRoomFor(Version version) {
        var ranges = new Range[]{new Range(0, 100, 90), new Range(50, 100, 13), new Range(0, 100, 14)};
        compare(version, Samples.floats(300, new Random(3)), 100, ranges, 13);
    }

    @Test
    void notANumberIsLeastAndInfinityIsLargest() {
        float[] row = {Float.NaN, 1, Float.NEGATIVE_INFINITY, Float.intBitsToFloat(-1), Float.POSITIVE_INFINITY, 0};
        var ranges = new Range[row.length + 1];
        float[] values = new float[ranges.length * row.length];
        for (int k = 0; k < ranges.length; k++) {
            ranges[k] = new Range(0, row.length, k);
            System.arraycopy(row, 0, values, k * row.length, row.length);
        }
        compare(Version.RADIX, values, row.length, ranges, row.length);
    }

    @Test
    @Tag("large")
    void selectsAmongSixteenThousandPages() {
        var random = new Random(4);
        int stride = 16_384;
        var ranges = new Range[]{new Range(0, stride, 512), new Range(2, stride - 4, stride / 2),
            new Range(1, stride - 1, 16_380), new Range(0, stride, 1)};
        float[] values = new float[ranges.length * stride];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / stride < 2 ? (float) random.nextGaussian() * 40 : random.nextInt(1000) * 0.25f - 100;
        }
        compare(Version.RADIX, values, stride, ranges, stride);
    }

    private static void compare(Version version, float[] values, int stride, Range[] ranges, int maxWinners) {
        int[] flat = new int[3 * ranges.length];
        for (int table = 0; table < ranges.length; table++) {
            flat[3 * table] = ranges[table].from();
            flat[3 * table + 1] = ranges[table].to();
            flat[3 * table + 2] = ranges[table].k();
        }
        var winners = new IntArray(ranges.length * maxWinners);
        var counts = new IntArray(ranges.length);
        select(version, FloatArray.fromArray(values), IntArray.fromArray(flat), winners, counts);
        for (int table = 0; table < ranges.length; table++) {
            var range = ranges[table];
            float[] row = Arrays.copyOfRange(values, table * stride, (table + 1) * stride);
            int[] expected = new int[stride];
            int count = range.to() < range.from()
                    ? 0
                    : dev.kvasir.kernels.choice.reference.TopK.select(row, range.from(), range.to(),
                            Math.min(range.k(), maxWinners), expected);
            assertThat(counts.get(table)).as("winners of %s", range).isEqualTo(count);
            int[] found = Arrays.copyOfRange(winners.toHeapArray(), table * maxWinners, (table + 1) * maxWinners);
            assertThat(Arrays.copyOf(found, count)).as("%s", range).isEqualTo(Arrays.copyOf(expected, count));
        }
    }

    private static void select(Version version, FloatArray values, IntArray range, IntArray winners, IntArray counts) {
        var scratch = new IntArray(version == Version.ARG_MAX ? winners.getSize() : values.getSize());
        TornadoRun.run(tasks -> {
            switch (version) {
                case ARG_MAX -> TopK1ArgMax.addTo(tasks, "select", values, range, scratch, winners, counts);
                case RANK -> TopK2Rank.addTo(tasks, "select", values, range, scratch, winners, counts);
                case RADIX -> TopK.addTo(tasks, "select", values, range, scratch, winners, counts);
            }
        }, values, range, scratch, winners, counts);
    }
}
