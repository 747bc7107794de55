package dev.kvasir.runner.bench;

import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.lab.StoppedException;
import dev.kvasir.model.Model;
import dev.kvasir.model.PromptStoppedException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Times a model. Within every test the caches alternate, round by round, so that other load on the machine affects all
 * of them alike.
 *
 * @param warmUp when the untimed rounds before them end
 * @param rounds timed rounds of each test and cache
 * @param interrupted called before every round and every decoded token; true ends the benchmark
 */
public record Bench(Model model, BenchSetup setup, Machine machine, BenchFill fill, WarmUp warmUp, int rounds,
        BooleanSupplier interrupted) {
    private static final long SEED = 1;

    /** Hears of every round. */
    public interface Progress {
        /** An untimed round has ended. */
        void warmed(String what);

        /** A timed round has ended. */
        void timed(String what);

        /** Runs the timed rounds of a test, and nothing else. */
        default void time(Runnable rounds) {
            rounds.run();
        }
    }

    /** The number of timed rounds of {@link #run}. */
    public int roundsOf(List<BenchTest> tests, List<CacheOptions> caches) {
        return rounds * tests.size() * caches.size();
    }

    /** Times every test with every cache. After an interruption the result lacks the current test and all later ones. */
    public List<BenchResult> run(List<BenchTest> tests, List<CacheOptions> caches, Progress progress) {
        List<BenchResult> results = new ArrayList<>();
        try {
            for (BenchTest test : tests) {
                warmUp(test, caches, progress);
                Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
                CpuTimes before = CpuTimes.now();
                List<List<BenchRound>> taken = caches.stream()
                        .map(cache -> (List<BenchRound>) new ArrayList<BenchRound>())
                        .toList();
                progress.time(() -> {
                    for (int round = 0; round < rounds; round++) {
                        for (int i = 0; i < caches.size(); i++) {
                            taken.get(i).add(round(test, caches.get(i)));
                            progress.timed(label(test, caches.get(i)));
                        }
                    }
                });
                double others = CpuTimes.now().othersSince(before);
                for (int i = 0; i < caches.size(); i++) {
                    results.add(result(test, caches.get(i), start, taken.get(i), others));
                }
            }
        } catch (StoppedException | PromptStoppedException e) {
            return results;
        }
        return results;
    }

    private void warmUp(BenchTest test, List<CacheOptions> caches, Progress progress) {
        List<List<Long>> taken = caches.stream().map(cache -> (List<Long>) new ArrayList<Long>()).toList();
        long start = System.nanoTime();
        while (taken.stream().anyMatch(nanos -> !warmUp.isOver(nanos, (System.nanoTime() - start) / caches.size()))) {
            for (int i = 0; i < caches.size(); i++) {
                taken.get(i).add(round(test, caches.get(i)).nanos());
                progress.warmed(label(test, caches.get(i)));
            }
        }
    }

    private BenchRound round(BenchTest test, CacheOptions cache) {
        BenchRound round = BenchRound.run(model, test, cache, fill, SEED, interrupted);
        if (interrupted.getAsBoolean()) {
            throw new StoppedException();
        }
        return round;
    }

    private static String label(BenchTest test, CacheOptions cache) {
        return test.label() + " " + cache.policy().name();
    }

    private BenchResult result(BenchTest test, CacheOptions options, Instant start, List<BenchRound> taken,
            double others) {
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
                taken.stream().mapToLong(BenchRound::allocated).min().orElse(0) / (double) test.tokens(), others);
    }
}
