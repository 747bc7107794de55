package dev.kvasir.runner.command;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenScope;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Keeps the table of docs/policies.md what the policies themselves say. */
class PoliciesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "policies.md");
    private static final TokenScope SCOPE = new TokenScope(0, 1, 4, 2, 8, 512, 4096, 0);

    private static String row(CachePolicy policy) {
        return "| `%s` | %s | %s | %s | %s | %s |".formatted(policy.name(), policy.card().summary(), switch (policy) {
            case PagePolicy pages -> "page";
            case TokenPolicy tokens -> "token";
        }, comesBack(policy), weights(policy), paper(policy.card().paper()));
    }

    private static String comesBack(CachePolicy policy) {
        boolean evicts = switch (policy) {
            case PagePolicy pages -> pages.evicts();
            case TokenPolicy tokens -> tokens.evicts();
        };
        if (!evicts) {
            return "nothing leaves";
        }
        return policy instanceof PagePolicy pages && pages.recalls() ? "yes" : "no";
    }

    private static String weights(CachePolicy policy) {
        if (!(policy instanceof TokenPolicy tokens)) {
            return "no";
        }
        var keeper = tokens.keeper(SCOPE);
        if (keeper.promptQueries(1000) == 0 && !keeper.observesSteps()) {
            return "no";
        }
        return keeper.observesSteps() ? "yes" : "of the prompt";
    }

    /** {@code Name (authors, year), link} as a link. */
    private static String paper(String paper) {
        int comma = paper.lastIndexOf(", http");
        return comma < 0 ? paper : "[%s](%s)".formatted(paper.substring(0, comma), paper.substring(comma + 2));
    }

    @Test
    void theTableIsWhatThePoliciesSay() throws Exception {
        var table = Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `")).toList();

        assertThat(table).isEqualTo(Policies.all().stream().map(PoliciesPageTest::row).toList());
    }

    @Test
    void everyPolicyTellsItsRuleAndItsPaper() {
        for (var policy : Policies.all()) {
            var card = policy.card();
            assertThat(card.summary()).as(card.name()).isNotBlank().doesNotEndWith(".").hasSizeLessThan(125);
            if (!card.name().equals("full")) {
                assertThat(card.formula()).as(card.name()).isNotBlank();
            }
            if (!card.name().equals("full") && !card.name().equals("random")) {
                assertThat(card.paper()).as(card.name()).matches(".+ \\(.*20\\d\\d\\), https://\\S+");
            }
            card.options()
                    .forEach((key, meaning) -> assertThat(meaning).as(card.name() + " " + key)
                            .containsPattern("\\(default [^)]+\\)"));
        }
    }
}
