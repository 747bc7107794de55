package dev.kvasir.runner.command;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.runner.command.Cli.Outcome;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every policy on a whole model, as users run it. */
class EveryPolicyTest {

    static Stream<String> budgeted() {
        return Policies.all().stream().filter(CachePolicy::isBudgeted).map(CachePolicy::name);
    }

    private static Outcome run(String policy, String... more) {
        var line = new ArrayList<>(List.of("run", "-m", Cli.STORIES.toString(), "--kv", policy, "--temp", "0"));
        line.addAll(List.of(more));
        Outcome outcome = new Cli().run(line.toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    @ParameterizedTest
    @MethodSource("budgeted")
    void withRoomTheGoldenTextComesByteForByte(String policy) throws Exception {
        assertThat(run(policy, "-p", "", "-n", "200", "--budget", "512").out()).isEqualTo(Files.readString(Cli.GOLDEN));
    }

    @ParameterizedTest
    @MethodSource("budgeted")
    void withinABudgetAStoryIsToldTwiceTheSame(String policy) {
        String[] line = {"-p", "Once upon a time, there was a little girl named Lily. She loved to play outside. "
                + "One day, she saw a big cat in the park and wanted to",
            "-n", "120", "--budget", "64", "--page-size",
            "8", "--sink", "1", "--window", "2", "--dense-layers", "1"};
        Outcome outcome = run(policy, line);

        assertThat(outcome.out()).hasSizeGreaterThan(200).isEqualTo(run(policy, line).out());
        assertThat(outcome.out()).doesNotContain("\uFFFD");
    }
}
