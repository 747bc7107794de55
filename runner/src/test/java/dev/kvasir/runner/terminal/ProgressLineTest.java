package dev.kvasir.runner.terminal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressLineTest {
    @Test
    void showsTheShareTheTimeAndTheRest() {
        assertThat(ProgressLine.text(0, 4, "cells", 1)).isEqualTo("  0 %  0:01  cells");
        assertThat(ProgressLine.text(1, 4, "cells", 60)).isEqualTo(" 25 %  1:00, 3:00 left  cells");
        assertThat(ProgressLine.text(1, 101, "cells", 3661)).isEqualTo("  0 %  1:01:01, 101:41:40 left  cells");
        assertThat(ProgressLine.text(0, 0, "", 0)).isEqualTo("100 %  0:00  ");
    }

    @Test
    void fitsANarrowTerminal() {
        assertThat(ProgressLine.text(1, 2, "x".repeat(200), 5)).hasSize(79);
    }
}
