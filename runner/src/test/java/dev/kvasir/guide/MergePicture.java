package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Two partial results of attention and how they become one, with numbers. */
final class MergePicture {
    /** The result of attention to some tokens: the largest score, the sum of weights, the weighted values. */
    private record Part(double max, double sum, double acc) {
        static Part of(double[] scores, double[] values) {
            double max = Arrays.stream(scores).max().orElseThrow();
            double sum = Arrays.stream(scores).map(score -> Math.exp(score - max)).sum();
            double acc = IntStream.range(0, scores.length)
                    .mapToDouble(t -> Math.exp(scores[t] - max) * values[t])
                    .sum();
            return new Part(max, sum, acc);
        }

        Part scaled(double newMax) {
            double factor = Math.exp(max - newMax);
            return new Part(newMax, factor * sum, factor * acc);
        }

        Part plus(Part other) {
            return new Part(max, sum + other.sum, acc + other.acc);
        }

        double output() {
            return acc / sum;
        }
    }

    private static final double[] RESIDENT_SCORES = {2, 1, 0};
    private static final double[] RESIDENT_VALUES = {4, 1, 6};
    private static final double[] RECALLED_SCORES = {3, 1, 2};
    private static final double[] RECALLED_VALUES = {5, 2, 3};
    private static final double WIDTH = 252;

    private MergePicture() {}

    static Sheet draw() {
        Part residents = Part.of(RESIDENT_SCORES, RESIDENT_VALUES);
        Part recalled = Part.of(RECALLED_SCORES, RECALLED_VALUES);
        double max = Math.max(residents.max, recalled.max);
        Part whole = residents.scaled(max).plus(recalled.scaled(max));
        Part direct = Part.of(joined(RESIDENT_SCORES, RECALLED_SCORES), joined(RESIDENT_VALUES, RECALLED_VALUES));
        if (Math.abs(whole.output() - direct.output()) > 1e-12) {
            throw new IllegalStateException("the parts do not merge into the whole");
        }
        var sheet = new Sheet(602, "Two partial results are scaled to the larger maximum, added and divided");
        sheet.text(16, 28, "Attention in two parts", Type.HEADING, Ink.INK);
        sheet.text(16, 53, "Scores x and values v of three tokens each", Type.PLAIN, Ink.MUTED);
        part(sheet, 16, "resident pages", Ink.BLUE, RESIDENT_SCORES, RESIDENT_VALUES, residents, max);
        part(sheet, 292, "recalled page", Ink.GREEN, RECALLED_SCORES, RECALLED_VALUES, recalled, max);
        sheet.arrow(Ink.MUTED, 16 + WIDTH / 2, 414, 16 + WIDTH / 2, 440);
        sheet.arrow(Ink.MUTED, 292 + WIDTH / 2, 414, 292 + WIDTH / 2, 440);
        sheet.box(16, 440, 528, 60, Ink.GREY);
        sheet.text(280, 476, "added: m = %s, s = %s, a = %s".formatted(two(whole.max), two(whole.sum),
                two(whole.acc)), Type.NAME, Ink.INK, Align.MIDDLE);
        sheet.arrow(Ink.MUTED, 280, 500, 280, 526);
        sheet.box(16, 526, 528, 60, Ink.ORANGE);
        sheet.text(280, 562, "o = a / s = %s, the softmax over all six tokens".formatted(two(whole.output())),
                Type.NAME, Ink.INK, Align.MIDDLE);
        return sheet;
    }

    private static void part(Sheet sheet, double x, String name, Ink ink, double[] scores, double[] values, Part part,
            double max) {
        sheet.box(x, 74, WIDTH, 196, ink);
        sheet.text(x + 16, 102, name, Type.NAME, Ink.INK);
        row(sheet, x, 134, "x", scores);
        row(sheet, x, 160, "v", values);
        sheet.lines(x + 16, 200, Arrays.asList("m = max x = " + two(part.max),
                "s = \u03a3 exp(x \u2212 m) = " + two(part.sum), "a = \u03a3 exp(x \u2212 m) v = " + two(part.acc)),
                Type.PLAIN, Ink.INK, Align.START);
        sheet.arrow(Ink.MUTED, x + 60, 270, x + 60, 334);
        sheet.text(x + 74, 307, "\u00d7 exp(%s \u2212 %s) = %s".formatted(whole(part.max), whole(max),
                two(Math.exp(part.max - max))), Type.SMALL, Ink.INK);
        Part scaled = part.scaled(max);
        sheet.box(x, 334, WIDTH, 80, ink);
        sheet.text(x + WIDTH / 2, 366, "m = " + two(max), Type.PLAIN, Ink.INK, Align.MIDDLE);
        sheet.text(x + WIDTH / 2, 392, "s = %s, a = %s".formatted(two(scaled.sum), two(scaled.acc)), Type.PLAIN,
                Ink.INK, Align.MIDDLE);
    }

    private static void row(Sheet sheet, double x, double y, String name, double[] numbers) {
        sheet.text(x + 16, y, name, Type.PLAIN, Ink.MUTED);
        for (int i = 0; i < numbers.length; i++) {
            sheet.text(x + 70 + 60 * i, y, whole(numbers[i]), Type.PLAIN, Ink.INK, Align.MIDDLE);
        }
    }

    private static double[] joined(double[] first, double[] second) {
        return IntStream.range(0, first.length + second.length)
                .mapToDouble(i -> i < first.length ? first[i] : second[i - first.length])
                .toArray();
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
