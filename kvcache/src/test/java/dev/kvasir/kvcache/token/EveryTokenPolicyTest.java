package dev.kvasir.kvcache.token;

import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.policy.TokenPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What all token policies have in common, whatever they keep. */
class EveryTokenPolicyTest {
    private static final int BUDGET = 24;
    private static final int LENGTH = 130;
    private static final List<String> DIVIDING = List.of("pyramid", "ada"); // DividedBudgetsTest has their sums
    private static final CacheShape GROUPED = new CacheShape(3, 4, 2, 8);

    record Case(String policy, Map<String, String> options) {
        @Override
        public String toString() {
            return policy + " " + options;
        }
    }

    static Stream<Case> cases() {
        var small = Map.of("snapkv", Map.of("queries", "8"), "snapstream", Map.of("queries", "8"), "pyramid",
                Map.of("queries", "8"), "ada",
                Map.of("queries", "8"), "scissorhands",
                Map.of("history", "20"), "sparq", Map.of("reallocate", "no"));
        var named = Policies.all()
                .stream()
                .filter(TokenPolicy.class::isInstance)
                .map(policy -> new Case(policy.name(), small.getOrDefault(policy.name(), Map.of())));
        var modes = Stream.of(new Case("roco", Map.of("mode", "auto", "stride", "5")),
                new Case("roco", Map.of("mode", "encoding")),
                new Case("snapkv", Map.of("queries", "3", "pool", "max")));
        return Stream.concat(named, modes);
    }

    private static CacheOptions options(Case test, int budget) {
        return SlotRun.options(test.policy())
                .policyOptions(test.options())
                .budget(Budget.tokens(budget))
                .denseLayers(1)
                .build();
    }

    private static List<float[]> outputs(Case test, int budget, int prompt, KvDeviceFactory devices) {
        boolean evicts = ((TokenPolicy) Policies.named(test.policy())).evicts();
        try (var run = new SlotRun(GROUPED, options(test, budget), LENGTH, 5, devices)) {
            if (prompt > 0) {
                run.prompt(prompt, 17);
            }
            while (run.sequence.length() < LENGTH) {
                run.step();
                for (int layer = 0; layer < GROUPED.layers(); layer++) {
                    int length = run.sequence.length();
                    for (int head = 0; head < GROUPED.kvHeads(); head++) {
                        int most = DIVIDING.contains(test.policy())
                                ? run.sequence.layer(layer).budgets[head]
                                : budget;
                        int expected = layer == 0 || !evicts ? length : Math.min(length, most);
                        assertThat(run.sequence.layer(layer).count(head)).isEqualTo(expected);
                    }
                }
            }
            return List.copyOf(run.outputs);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theBudgetIsHeldAfterEveryStepAndDenseLayersKeepAll(Case test) {
        for (int prompt : new int[]{0, 10, BUDGET, 71}) {
            outputs(test, BUDGET, prompt, ReferenceKvDevice::new);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameComesAgainOnAnyNumberOfThreads(Case test) {
        List<float[]> first;
        try (var team = new Workers(1)) {
            first = outputs(test, BUDGET, 71, (geometry, frames) -> new VectorKvDevice(geometry, frames, team));
        }
        try (var team = new Workers(2)) {
            assertThat(outputs(test, BUDGET, 71, (geometry, frames) -> new VectorKvDevice(geometry, frames, team)))
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(first);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void laterTextsAreReadBehindWhatWasKeptAndCutDownToTheBudget(Case test) {
        var random = new SplittableRandom(17);
        for (int seed = 0; seed < 6; seed++) {
            try (var run = new SlotRun(GROUPED, options(test, BUDGET), 2 * LENGTH, seed, ReferenceKvDevice::new)) {
                while (run.sequence.length() < 2 * LENGTH - 50) {
                    run.prompt(1 + random.nextInt(random.nextBoolean() ? 4 : 50), 1 + random.nextInt(20));
                    for (int steps = random.nextInt(30); steps > 0
                            && run.sequence.length() < 2 * LENGTH; steps--) {
                        run.step();
                    }
                    checkCounts(run, test);
                }
            }
        }
    }

    private static void checkCounts(SlotRun run, Case test) {
        boolean evicts = ((TokenPolicy) Policies.named(test.policy())).evicts();
        for (int layer = 0; layer < GROUPED.layers(); layer++) {
            int length = run.sequence.length();
            long frames = 0;
            for (int head = 0; head < GROUPED.kvHeads(); head++) {
                var tokens = run.sequence.layer(layer);
                int expected = layer == 0 || !evicts ? length : Math.min(length, tokens.budgets[head]);
                assertThat(tokens.count(head)).isEqualTo(expected);
                frames += tokens.heads[head].frameCount();
            }
            if (layer > 0 && evicts && !test.policy().equals("pyramid")) {
                assertThat(frames).isLessThanOrEqualTo(GROUPED.kvHeads() * run.options.pages(BUDGET));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void withRoomForEverythingItIsFullAttention(Case test) {
        var full = new Case("h2o", Map.of());
        assertThat(outputs(test, LENGTH, 71, ReferenceKvDevice::new)).usingElementComparator(Arrays::compare)
                .isEqualTo(outputs(full, LENGTH + 7, 71, ReferenceKvDevice::new));
        assertThat(outputs(test, BUDGET, 71, ReferenceKvDevice::new)).usingElementComparator(Arrays::compare)
                .isNotEqualTo(outputs(full, LENGTH, 71, ReferenceKvDevice::new));
    }
}
