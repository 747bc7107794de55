package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.digest.reference.DigestScore;
import dev.kvasir.kernels.digest.reference.PageDigest;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.reference.PageAppend;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.stream.IntStream;

/** The keys of a page, the box that stands for them, and how a query is compared with it. */
final class BoxPicture {
    private static final PageGeometry SHAPE = new PageGeometry(4, 1, 3, KvType.F32);
    private static final float[][] KEYS = {{1, 0, 2}, {3, -2, 0}, {-1, 4, 1}, {1, 2, -3}};
    private static final float[] QUERY = {1, 1, 1};
    private static final double UNIT = 54;
    private static final double LEFT = 136;
    private static final double TOP = 78;
    private static final double LOWEST_X = -1.7;
    private static final double HIGHEST_Y = 4.7;

    private BoxPicture() {}

    /** The corners of the box and the estimate, from the project's own kernels. */
    private record Digest(float[] upper, float[] lower, float estimate) {
        static Digest of(DigestKind kind) {
            try (var arena = Arena.ofConfined()) {
                var frames = new FrameArray(SHAPE, arena.allocate(FrameArray.bytes(SHAPE, 2), FrameArray.ALIGNMENT), 2);
                for (int t = 0; t < KEYS.length; t++) {
                    PageAppend.append(frames, 0, 0, t, 1, KEYS[t], KEYS[t], 0, SHAPE.headDim());
                }
                int[] digestFrames = {1};
                PageDigest.digest(frames, kind, 0, 0, digestFrames, 0);
                float[] upper = new float[SHAPE.headDim()];
                float[] lower = new float[SHAPE.headDim()];
                for (int d = 0; d < SHAPE.headDim(); d++) {
                    upper[d] = row(frames, digestFrames, d);
                    lower[d] = row(frames, digestFrames, SHAPE.headDim() + d);
                }
                return new Digest(upper, lower, DigestScore.score(frames, kind, HeadAggregation.MEAN, digestFrames, 0,
                        QUERY, 0, 1));
            }
        }

        private static float row(FrameArray frames, int[] digestFrames, int row) {
            return frames.memory().get(ValueLayout.JAVA_FLOAT, frames.digestOffset(digestFrames, 1, 0, 0, row));
        }
    }

    static Sheet draw() {
        Digest mean = Digest.of(DigestKind.CUBOID_MEAN);
        Digest max = Digest.of(DigestKind.CUBOID_MAX);
        var sheet = new Sheet(708, "Four keys, their box, and a query with the best corner of the box");
        sheet.text(16, 28, "A digest: the box of a page\u2019s keys", Type.HEADING, Ink.INK);
        sheet.text(16, 53, "Drawn are dimensions 1 and 2 of three", Type.PLAIN, Ink.MUTED);
        axes(sheet);
        sheet.dashes(Ink.GREY, x(max.lower[0]), y(max.lower[1]), x(max.lower[0]), y(max.upper[1]), x(max.upper[0]),
                y(max.upper[1]), x(max.upper[0]), y(max.lower[1]), x(max.lower[0]), y(max.lower[1]));
        sheet.text(x(max.upper[0]) + 8, y(max.upper[1]) + 14, "cuboid-max:", Type.SMALL, Ink.MUTED);
        sheet.text(x(max.upper[0]) + 8, y(max.upper[1]) + 34, "all keys inside", Type.SMALL, Ink.MUTED);
        sheet.area(x(mean.lower[0]), y(mean.upper[1]), UNIT * (mean.upper[0] - mean.lower[0]),
                UNIT * (mean.upper[1] - mean.lower[1]), Ink.BLUE);
        sheet.outline(x(mean.lower[0]), y(mean.upper[1]), UNIT * (mean.upper[0] - mean.lower[0]),
                UNIT * (mean.upper[1] - mean.lower[1]), Ink.BLUE);
        sheet.text(x(mean.lower[0]) + 6, y(mean.lower[1]) + 20, "cuboid-mean", Type.SMALL, Ink.BLUE);
        for (float[] key : KEYS) {
            sheet.dot(x(key[0]), y(key[1]), 6, Ink.INK);
        }
        sheet.text(x(KEYS[2][0]) + 11, y(KEYS[2][1]) + 20, "a key", Type.SMALL, Ink.INK);
        sheet.arrow(Ink.ORANGE, x(0), y(0), x(QUERY[0]), y(QUERY[1]));
        sheet.text(x(0.5) + 8, y(0.5) + 14, "query", Type.SMALL, Ink.ORANGE);
        sheet.dot(x(mean.upper[0]), y(mean.upper[1]), 7, Ink.ORANGE);
        sheet.text(x(mean.upper[0]) - 4, y(mean.upper[1]) - 13, "best corner", Type.SMALL, Ink.ORANGE, Align.END);
        table(sheet, mean);
        return sheet;
    }

    private static void axes(Sheet sheet) {
        for (int tick = -2; tick <= 4; tick += 2) {
            sheet.line(Ink.GRID, 1, x(LOWEST_X), y(tick), x(3.6), y(tick));
            sheet.text(x(LOWEST_X) - 8, y(tick) + 5, signed(tick), Type.SMALL, Ink.MUTED, Align.END);
        }
        for (int tick = -1; tick <= 3; tick++) {
            sheet.line(Ink.GRID, 1, x(tick), y(HIGHEST_Y), x(tick), y(-2.5));
            sheet.text(x(tick), y(-2.5) + 20, signed(tick), Type.SMALL, Ink.MUTED, Align.MIDDLE);
        }
    }

    private static void table(Sheet sheet, Digest digest) {
        double top = 532;
        double[] columns = {250, 316, 382, 500};
        sheet.text(16, top, "dimension", Type.SMALL, Ink.MUTED);
        sheet.text(16, top + 26, "query q", Type.PLAIN, Ink.INK);
        sheet.text(16, top + 52, "upper corner c + r", Type.PLAIN, Ink.INK);
        sheet.text(16, top + 78, "lower corner c \u2212 r", Type.PLAIN, Ink.INK);
        sheet.text(16, top + 112, "the larger product", Type.NAME, Ink.ORANGE);
        sheet.line(Ink.MUTED, 1, 16, top + 89, 544, top + 89);
        for (int d = 0; d < SHAPE.headDim(); d++) {
            double best = Math.max(QUERY[d] * digest.upper[d], QUERY[d] * digest.lower[d]);
            sheet.text(columns[d], top, "" + (d + 1), Type.SMALL, Ink.MUTED, Align.END);
            sheet.text(columns[d], top + 26, signed(QUERY[d]), Type.PLAIN, Ink.INK, Align.END);
            sheet.text(columns[d], top + 52, signed(digest.upper[d]), Type.PLAIN, Ink.INK, Align.END);
            sheet.text(columns[d], top + 78, signed(digest.lower[d]), Type.PLAIN, Ink.INK, Align.END);
            sheet.text(columns[d], top + 112, signed(best), Type.NAME, Ink.ORANGE, Align.END);
        }
        sheet.text(544, top + 112, "sum %s".formatted(signed(digest.estimate)), Type.NAME, Ink.ORANGE, Align.END);
        double exact = IntStream.range(0, KEYS.length).mapToDouble(BoxPicture::product).max().orElseThrow();
        sheet.text(16, top + 152, "estimate %s; the largest true product of query and key is %s".formatted(
                signed(digest.estimate), signed(exact)), Type.PLAIN, Ink.INK);
    }

    private static double product(int key) {
        return IntStream.range(0, QUERY.length).mapToDouble(d -> QUERY[d] * KEYS[key][d]).sum();
    }

    private static String signed(double value) {
        String digits = value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", Math.abs(value))
                : String.format(Locale.ROOT, "%.2f", Math.abs(value));
        return (value < 0 ? "\u2212" : "") + digits;
    }

    private static double x(double first) {
        return LEFT + (first - LOWEST_X) * UNIT;
    }

    private static double y(double second) {
        return TOP + (HIGHEST_Y - second) * UNIT;
    }
}
