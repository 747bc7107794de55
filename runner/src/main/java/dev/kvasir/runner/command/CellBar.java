package dev.kvasir.runner.command;

import dev.kvasir.lab.run.GridRunner.Progress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar for the cells of a grid, with the time left. */
final class CellBar implements Progress {
    private final int cells;
    private final boolean isShown;
    private int found; // in the file of an earlier start
    private @Nullable ProgressBar bar;

    CellBar(int cells, boolean isShown) {
        this.cells = cells;
        this.isShown = isShown;
    }

    @Override
    public void step(String cell, boolean wasThere) {
        if (wasThere && bar == null) {
            found++; // took no time, and must not make the rest look fast
            return;
        }
        if (isShown) {
            ProgressBar shown = bar == null ? started() : bar;
            shown.setExtraMessage(cell);
            shown.step();
        }
    }

    private ProgressBar started() {
        bar = new ProgressBarBuilder().setInitialMax(cells - found)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, Bars.WIDTH))
                .build();
        return bar;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
