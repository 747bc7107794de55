package dev.kvasir.runner.bench;

import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.Model;
import dev.kvasir.model.PromptStoppedException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Times a model. Within every test the caches alternate, round by round, so that other load on the machine affects all
 * of them alike.
 *
 * @param rounds timed rounds of each test and cache; one more before them warms up
 * @param interrupted called before every round and every decoded token; true ends the benchmark
 */
public record Bench(Model model, BenchSetup setup, Machine machine, BenchFill fill, int rounds,
        BooleanSupplier interrupted) {
    private static final long SEED = 1;

    /** The number of rounds of {@link #run}, including warm-up rounds. */
    public int roundsOf(List<BenchTest> tests, List<CacheOptions> caches) {
        return (rounds + 1) * tests.size() * caches.size();
    }

    /**
     * Times every test with every cache. After an interruption the result lacks the current test and all later ones.
     *
     * @param progress receives a text after each round
     */
    public List<BenchResult> run(List<BenchTest> tests, List<CacheOptions> caches, Consumer<String> progress) {
        List<BenchResult> results = new ArrayList<>();
        for (BenchTest test : tests) {
            Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            List<List<BenchRound>> taken = caches.stream()
                    .map(cache -> (List<BenchRound>) new ArrayList<BenchRound>())
                    .toList();
            for (int round = 0; round <= rounds; round++) {
                for (int i = 0; i < caches.size(); i++) {
                    BenchRound one;
                    try {
                        one = BenchRound.run(model, test, caches.get(i), fill, SEED, interrupted);
                    } catch (PromptStoppedException e) {
                        return results;
                    }
                    if (interrupted.getAsBoolean()) {
                        return results;
                    }
                    if (round > 0) {
                        taken.get(i).add(one);
                    }
                    progress.accept(test.label() + " " + caches.get(i).policy().name());
                }
            }
            for (int i = 0; i < caches.size(); i++) {
                results.add(result(test, caches.get(i), start, taken.get(i)));
            }
        }
        return results;
    }

    private BenchResult result(BenchTest test, CacheOptions options, Instant start, List<BenchRound> taken) {
        String budget = options.budget() instanceof Budget.Unlimited ? "-" : options.budget().toString();
        var cache = new BenchCache(options.policy().name(), budget, options.pageSize(),
                options.kvType().name().toLowerCase(Locale.ROOT), options.prefetch());
        List<Long> nanos = taken.stream().map(BenchRound::nanos).toList();
        double rate = nanos.stream().mapToDouble(n -> test.tokens() * 1e9 / n).average().orElse(Double.NaN);
        double read = setup.bytesPerToken() + taken.get(0).residentBytes();
        double bandwidthShare = test.prompt() == 0 ? read * rate / machine.readBytes() : Double.NaN;
        double arithmeticShare = test.generated() == 0
                ? setup.operationsPerToken() * rate / machine.operations()
                : Double.NaN;
        return new BenchResult(setup, cache, test, start, nanos, bandwidthShare, arithmeticShare,
                BenchCopies.mean(taken.stream().map(BenchRound::copies).toList()),
                taken.stream().mapToLong(BenchRound::allocated).min().orElse(0) / (double) test.tokens());
    }
}
