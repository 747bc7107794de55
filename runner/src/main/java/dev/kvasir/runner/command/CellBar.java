package dev.kvasir.runner.command;

import dev.kvasir.lab.run.GridRunner.Progress;
import dev.kvasir.runner.terminal.ProgressLine;

/** The progress of a grid: its cells, and the time left. */
final class CellBar implements Progress {
    private final ProgressLine line;
    private final int cells;
    private int found; // in the file of an earlier start
    private int measured;

    CellBar(int cells, ProgressLine line) {
        this.cells = cells;
        this.line = line;
        line.show(0, cells, ""); // the time begins here
    }

    @Override
    public void step(String cell, boolean wasThere) {
        if (wasThere) {
            found++; // took no time, and must not make the rest look fast
            return;
        }
        measured++;
        line.show(measured, cells - found, "%d of %d cells: %s".formatted(measured, cells - found, cell));
    }

    @Override
    public void close() {
        line.close();
    }
}
