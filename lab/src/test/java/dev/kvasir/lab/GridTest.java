package dev.kvasir.lab;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GridTest {
    private static final CacheChoice CACHES = policy -> CacheOptions.builder()
            .policy(Policies.named(policy))
            .budget(policy.equals("full") ? Budget.UNLIMITED : Budget.tokens(2048))
            .build();

    private static Settings settings(String... namesAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Settings(values, false, 5, CACHES);
    }

    @Test
    void everyPolicyMeetsEveryBudgetAndPageSizeButFullOnlyOne() {
        List<Cell> cells = Grid.of(settings("kv", "full,arkvale", "budget", "128,256", "page-size", "16,32"))
                .caches()
                .cells();

        assertThat(cells.stream().map(Cell::label)).containsExactly("policy=full budget=unlimited page_size=16",
                "policy=full budget=unlimited page_size=32", "policy=arkvale budget=128 page_size=16",
                "policy=arkvale budget=128 page_size=32", "policy=arkvale budget=256 page_size=16",
                "policy=arkvale budget=256 page_size=32");
        assertThat(cells.get(5).cache().budget()).isEqualTo(Budget.tokens(256));
        assertThat(cells.get(5).cache().pageSize()).isEqualTo(32);
    }

    @Test
    void severalDigestsAreAnAxisAndOneIsNone() {
        var two = Grid.of(settings("kv", "arkvale", "digest", "centroid,cuboid-mean")).caches().cells();
        var one = Grid.of(settings("kv", "arkvale", "digest", "centroid")).caches().cells();

        assertThat(two.stream().map(cell -> cell.text("digest"))).containsExactly("centroid", "cuboid-mean");
        assertThat(one).singleElement().satisfies(cell -> assertThat(cell.axes()).doesNotContainKey("digest"));
        assertThatThrownBy(() -> Grid.of(settings("kv", "arkvale", "digest", "centre")).caches())
                .hasMessageContaining("no digest 'centre'");
    }

    @Test
    void policiesAreComparedOnTheSameTextsAndLengthsAndRepeatsOnOthers() {
        List<Cell> cells = Grid.of(settings("kv", "full,arkvale", "repeat", "2"))
                .over("length", List.of(100, 200))
                .repeats()
                .caches()
                .cells();

        assertThat(cells).hasSize(8);
        assertThat(cells.stream().map(Cell::seed).distinct()).hasSize(4);
        assertThat(cells.stream()
                .collect(Collectors.groupingBy(cell -> cell.text("length") + cell.text("repeat"),
                        Collectors.mapping(Cell::seed, Collectors.toSet()))))
                .allSatisfy((texts, seeds) -> assertThat(seeds).hasSize(1));
    }

    @Test
    void anotherSeedOfTheRunGivesOtherTexts() {
        Settings other = new Settings(Map.of(), false, 6, CACHES);

        assertThat(Grid.of(other).over("length", List.of(100)).cells().get(0).seed())
                .isNotEqualTo(Grid.of(settings()).over("length", List.of(100)).cells().get(0).seed());
    }

    @Test
    void wrongValuesAreRefusedWithTheOption() {
        assertThatThrownBy(() -> settings("length", "12,x").numbers("length")).hasMessageContaining("--length: 'x'");
        assertThatThrownBy(() -> settings("length", "0").numbers("length")).hasMessageContaining("--length 0");
        assertThatThrownBy(() -> settings("share", "half").reals("share")).hasMessageContaining("--share: 'half'");
    }

    @Test
    void casesLimitRepeatsAndTheLinesOfAFile() {
        Settings few = settings("repeat", "5", "cases", "2");
        Settings all = settings("repeat", "5", "cases", "");

        assertThat(Grid.of(few).repeats().cells()).hasSize(2);
        assertThat(Grid.of(all).repeats().cells()).hasSize(5);
        assertThat(Grid.cases(few, List.of(1, 4, 6))).containsExactly(1, 4);
        assertThat(Grid.cases(all, List.of(1, 4, 6))).containsExactly(1, 4, 6);
    }

    @Test
    void aQuickRunReadsFourLinesOfAFileUnlessCasesAreGiven() {
        List<Integer> lines = List.of(1, 2, 3, 4, 5, 6);

        assertThat(Grid.cases(new Settings(Map.of("cases", ""), true, 5, CACHES), lines)).hasSize(4);
        assertThat(Grid.cases(new Settings(Map.of("cases", "5"), true, 5, CACHES), lines)).hasSize(5);
    }
}
