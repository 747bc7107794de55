package dev.kvasir.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SymbolTableTest {

    @Test
    void theFirstOfTheTokensWithOneTextIsFound() {
        var table = new SymbolTable(List.of("a", "Ġb", "a", ""));

        assertThat(table.token("a")).isZero();
        assertThat(table.token("Ġb")).isEqualTo(1);
        assertThat(table.token("")).isEqualTo(3);
        assertThat(table.find("b")).isNegative();
        assertThat(table.isToken(3)).isTrue();
    }

    @Test
    void textsOnTheWayGetIdsBehindTheTokensHoweverManyThereAre() {
        var table = new SymbolTable(List.of("a", "b", "ab"));
        for (int i = 0; i < 1000; i++) {
            assertThat(table.intern("text " + i)).isEqualTo(3 + i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(table.intern("text " + i)).isEqualTo(3 + i);
            assertThat(table.extraText(3 + i)).isEqualTo("text " + i);
        }
        assertThat(table.find("ab")).isEqualTo(2);
        assertThat(table.token("text 5")).isNegative();
        assertThat(table.isToken(3)).isFalse();
    }

    @Test
    void twoStretchesAreLookedUpAsOneText() {
        var table = new SymbolTable(List.of("a", "b", "ab"));
        byte[] merge = "a b abĠ".getBytes(StandardCharsets.UTF_8);

        assertThat(table.intern(merge, 0, 1, 2, 3)).isEqualTo(2);
        assertThat(table.intern(merge, 2, 3, 6, 8)).isEqualTo(3);
        assertThat(table.extraText(3)).isEqualTo("bĠ");
    }
}
