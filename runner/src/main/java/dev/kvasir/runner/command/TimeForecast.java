package dev.kvasir.runner.command;

import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.run.GridRunner.Progress;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says once, after the first cells of a run, how long all of them take together: {@code about 8 minutes for 160 cells}.
 * If the others take a few seconds it says nothing.
 * The time of a cell counts in proportion to the length of its text. The very first cell is left out, because the JVM
 * still compiles.
 */
final class TimeForecast implements Progress {
    private static final int ENOUGH = 3; // cells
    private static final long SOON = 2_000_000_000L; // nanoseconds
    private static final long LATE = 20_000_000_000L;
    private static final double SHORT = 5; // seconds to go that need no forecast

    private final Progress shown;
    private final List<Cell> cells;
    private final LongSupplier nanoTime;
    private final Consumer<String> remarks;
    private final long start;
    private int place; // in the grid
    private int measured; // cells
    private double weight; // of the measured cells without the first
    private long firstEnd;
    private boolean isSaid;

    TimeForecast(Progress shown, List<Cell> cells, LongSupplier nanoTime, Consumer<String> remarks) {
        this.shown = shown;
        this.cells = cells;
        this.nanoTime = nanoTime;
        this.remarks = remarks;
        start = nanoTime.getAsLong();
    }

    @Override
    public void step(String cell, boolean wasThere) {
        double ofCell = weight(cells.get(place));
        place++;
        if (!wasThere) {
            measured++;
            if (measured == 1) {
                firstEnd = nanoTime.getAsLong();
            } else {
                weight += ofCell;
            }
            forecast(ofCell);
        }
        shown.step(cell, wasThere);
    }

    private void forecast(double last) {
        long now = nanoTime.getAsLong();
        boolean isEnough = (measured >= ENOUGH && now - start >= SOON) || now - start >= LATE;
        if (isSaid || !isEnough || place == cells.size()) {
            return;
        }
        isSaid = true;
        double nanosEach = measured == 1 ? (now - start) / last : (now - firstEnd) / weight;
        double left = nanosEach * cells.subList(place, cells.size()).stream().mapToDouble(TimeForecast::weight).sum();
        if (left / 1e9 >= SHORT) {
            remarks.accept("%s for %d cells".formatted(about((now - start + left) / 1e9),
                    measured + cells.size() - place));
        }
    }

    private static double weight(Cell cell) {
        return Math.max(1, cell.size(Parameters.LENGTH));
    }

    /** A time in words: {@code about 8 minutes}. */
    private static String about(double seconds) {
        if (seconds < 90) {
            return String.format(Locale.ROOT, "about %.0f seconds", Math.max(1, seconds));
        }
        return seconds < 90 * 60
                ? String.format(Locale.ROOT, "about %.0f minutes", seconds / 60)
                : String.format(Locale.ROOT, "about %.1f hours", seconds / 3600);
    }

    @Override
    public void close() {}
}
