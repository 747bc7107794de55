package dev.kvasir.report;

import dev.kvasir.report.Table.Align;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TableTest {
    private static Table table() {
        return new Table().column("digest", Align.LEFT)
                .column("k = 1", Align.RIGHT)
                .column("k = 2", Align.RIGHT)
                .column("k = 4", Align.RIGHT)
                .row("exact", "1", "2", "4");
    }

    @Test
    void aTableWithinTheWidthStaysWhole() {
        assertThat(table().within(34)).isEqualTo(table().toString()).startsWith("| digest | k = 1 | k = 2 | k = 4 |\n");
    }

    @Test
    void aWiderTableBecomesSeveralWithTheFirstColumnEach() {
        assertThat(table().within(33)).isEqualTo("""
                | digest | k = 1 | k = 2 |
                | ------ | ----: | ----: |
                | exact  |     1 |     2 |

                | digest | k = 4 |
                | ------ | ----: |
                | exact  |     4 |
                """);
    }

    @Test
    void aPartHasOneColumnBesideTheFirstEvenIfThatIsWider() {
        assertThat(table().within(3).lines().filter(line -> line.startsWith("| digest"))).hasSize(3);
    }
}
