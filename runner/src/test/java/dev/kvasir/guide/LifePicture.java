package dev.kvasir.guide;

import dev.kvasir.guide.PageLife.Place;
import dev.kvasir.guide.PageLife.Step;
import dev.kvasir.guide.Sheet.Align;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/** The importance of one page over the steps of a run, coloured by where the page is. */
final class LifePicture {
    private static final double LEFT = 62;
    private static final double RIGHT = Sheet.WIDTH - 16;
    private static final double TOP = 128;
    private static final double BOTTOM = 388;
    private static final double LOWEST = -125;
    private static final double HIGHEST = 50;

    private LifePicture() {}

    static Sheet draw() {
        List<Step> life = PageLife.recorded();
        var sheet = new Sheet(492, "The importance of page 36 at each step, coloured by where the page is");
        sheet.text(16, 28, "The life of page %d".formatted(PageLife.PAGE), Type.HEADING, Ink.INK);
        sheet.text(16, 53, "How much each query needs it: the estimate of its digest", Type.PLAIN, Ink.MUTED);
        legend(sheet);
        axes(sheet);
        bands(sheet, life);
        curve(sheet, life);
        events(sheet, life);
        return sheet;
    }

    private static void legend(Sheet sheet) {
        double x = 22;
        x = entry(sheet, x, "on the device", Ink.BLUE);
        x = entry(sheet, x, "on the host alone", Ink.ORANGE);
        entry(sheet, x, "recalled", Ink.GREEN);
    }

    private static double entry(Sheet sheet, double x, String text, Ink ink) {
        sheet.dot(x, 79, 6, ink);
        sheet.text(x + 13, 84, text, Type.PLAIN, Ink.INK);
        return x + 13 + Type.PLAIN.width(text) + 26;
    }

    private static void axes(Sheet sheet) {
        for (int tick = -100; tick <= HIGHEST; tick += 50) {
            sheet.line(Ink.GRID, 1, LEFT, y(tick), RIGHT, y(tick));
            sheet.text(LEFT - 8, y(tick) + 5, tick < 0 ? "\u2212" + -tick : "" + tick, Type.SMALL, Ink.MUTED,
                    Align.END);
        }
        for (int tick = PageLife.FIRST / 20 * 20 + 20; tick <= PageLife.LAST; tick += 20) {
            sheet.line(Ink.MUTED, 1, x(tick), BOTTOM, x(tick), BOTTOM + 5);
            sheet.text(x(tick), BOTTOM + 22, "" + tick, Type.SMALL, Ink.MUTED, Align.MIDDLE);
        }
        sheet.text(16, BOTTOM + 22, "step", Type.SMALL, Ink.MUTED);
    }

    /** Below the plot: where the page is, and in which steps it wins. */
    private static void bands(Sheet sheet, List<Step> life) {
        band(sheet, life, BOTTOM + 38, "place", step -> ink(step.place()));
        band(sheet, life, BOTTOM + 64, "wins", step -> step.won() ? Ink.MUTED : Ink.GRID);
    }

    private static void band(Sheet sheet, List<Step> life, double top, String name, Function<Step, Ink> colours) {
        sheet.text(16, top + 14, name, Type.SMALL, Ink.MUTED);
        int from = 0;
        for (int i = 1; i <= life.size(); i++) {
            Ink ink = colours.apply(life.get(from));
            if (i == life.size() || colours.apply(life.get(i)) != ink) {
                double left = x(life.get(from).step());
                sheet.bar(left, top, x(life.get(i - 1).step() + 1) - left, 18, ink);
                from = i;
            }
        }
    }

    private static void curve(Sheet sheet, List<Step> life) {
        List<Step> judged = life.stream().filter(step -> !Double.isNaN(step.importance())).toList();
        int from = 0;
        for (int i = 1; i < judged.size(); i++) {
            boolean host = judged.get(i).place() == Place.HOST;
            if (i + 1 == judged.size() || (judged.get(i + 1).place() == Place.HOST) != host) {
                double[] points = judged.subList(from, i + 1)
                        .stream()
                        .flatMapToDouble(step -> DoubleStream.of(x(step.step()), y(step.importance())))
                        .toArray();
                sheet.line(host ? Ink.ORANGE : Ink.BLUE, 2.2, points);
                from = i;
            }
        }
    }

    private static void events(Sheet sheet, List<Step> life) {
        int shown = 0;
        for (int i = 1; i < life.size(); i++) {
            Step step = life.get(i);
            boolean leaves = step.place() == Place.HOST && life.get(i - 1).place() != Place.HOST;
            boolean comes = step.place() == Place.RECALLED;
            if (leaves || comes) {
                Ink ink = leaves ? Ink.ORANGE : Ink.GREEN;
                double x = x(step.step());
                double y = TOP - 10 + 24 * (shown++ % 2);
                sheet.dashes(ink, x, y + 6, x, BOTTOM);
                sheet.dot(x, y(step.importance()), 6, ink);
                boolean both = comes && life.get(i - 1).place() != Place.HOST;
                String event = leaves ? "evicted" : both ? "evicted and recalled" : "recalled";
                String text = "%s, %d".formatted(event, step.step());
                if (both) {
                    sheet.text(x - 4, y, text, Type.SMALL, Ink.INK);
                } else {
                    sheet.text(Math.min(x + 8 + 60 * (shown / 4), RIGHT), y, text, Type.SMALL, Ink.INK, Align.END);
                }
            }
        }
    }

    private static Ink ink(Place place) {
        return switch (place) {
            case FILLING -> Ink.GREY;
            case DEVICE -> Ink.BLUE;
            case RECALLED -> Ink.GREEN;
            case HOST -> Ink.ORANGE;
        };
    }

    private static double x(double step) {
        return LEFT + (step - PageLife.FIRST) * (RIGHT - LEFT) / (PageLife.LAST + 1 - PageLife.FIRST);
    }

    private static double y(double importance) {
        return BOTTOM - (importance - LOWEST) * (BOTTOM - TOP) / (HIGHEST - LOWEST);
    }
}
