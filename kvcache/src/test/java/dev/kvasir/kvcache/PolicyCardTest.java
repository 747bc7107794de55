package dev.kvasir.kvcache;

import dev.kvasir.kvcache.policy.CachePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the class comment of each policy with its card. */
class PolicyCardTest {
    private static final Path SOURCES = Path.of("src", "main", "java");

    static Stream<CachePolicy> policies() {
        return Policies.all().stream().filter(policy -> Files.exists(source(policy)));
    }

    private static Path source(CachePolicy policy) {
        return SOURCES.resolve(policy.getClass().getName().replace('.', '/') + ".java");
    }

    /** The class comment without its stars, each white space one blank. */
    private static String comment(CachePolicy policy) throws IOException {
        String text = Files.readString(source(policy));
        int end = text.lastIndexOf("*/", text.indexOf("public final class"));
        return folded(text.substring(text.lastIndexOf("/**", end) + 3, end).replaceAll("(?m)^ \\*", ""));
    }

    private static String folded(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void theClassCommentHasThePaperAndTheFormulaOfTheCard(CachePolicy policy) throws IOException {
        assertThat(comment(policy)).contains(folded(policy.card().paper())).contains(folded(policy.card().formula()));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void theClassCommentBeginsWithWhatThePolicyKeepsOrDrops(CachePolicy policy) throws IOException {
        assertThat(comment(policy)).matches("(Keeps|Drops) .*");
    }
}
