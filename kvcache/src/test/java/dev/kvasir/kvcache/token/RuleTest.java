package dev.kvasir.kvcache.token;

import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tokens that h2o and tova hold, against direct transcriptions of their published rules: after each forward pass, cut
 * what is kept down to one less than the budget, so that with the next token it is the budget.
 */
class RuleTest {

    @Property(tries = 40, seed = "2306", shrinking = ShrinkingMode.OFF)
    void h2oHoldsTheHeavyHittersAndTheNewest(@ForAll long seed) {
        try (var run = random("h2o", seed)) {
            int cacheSize = run.sequence.layer(0).budget - 1;
            int recent = Math.min((run.sequence.layer(0).budget / 2), cacheSize);
            var held = new ArrayList<ArrayList<Integer>>(); // [kvHeads]
            double[][] scores = new double[run.shape.kvHeads()][60]; // by position
            for (int head = 0; head < run.shape.kvHeads(); head++) {
                held.add(new ArrayList<>());
            }
            forEachPass(run, 0, (queries, check) -> {
                for (int head = 0; head < held.size(); head++) {
                    var tokens = held.get(head);
                    for (int query : queries) {
                        tokens.add(query);
                        var mean = means(run, query, head, tokens);
                        for (int i = 0; i < tokens.size(); i++) {
                            scores[head][tokens.get(i)] += mean[i];
                        }
                    }
                    if (check) {
                        assertThat(run.held(0, head)).isEqualTo(set(tokens));
                    }
                    if (tokens.size() > cacheSize) {
                        int recents = tokens.size() - recent;
                        double[] score = scores[head];
                        var heavy = tokens.subList(0, recents)
                                .stream()
                                .sorted(Comparator.comparing((Integer token) -> -score[token]))
                                .limit(cacheSize - recent)
                                .toList();
                        tokens.removeIf(token -> !heavy.contains(token)
                                && tokens.indexOf(token) < recents);
                    }
                }
            });
        }
    }

    @Property(tries = 40, seed = "2401", shrinking = ShrinkingMode.OFF)
    void tovaHoldsWhatTheLastQueryAttendsToTheMostInAllHeads(@ForAll long seed) {
        try (var run = random("tova", seed)) {
            int cacheSize = run.sequence.layer(0).budget - 1;
            var tokens = new ArrayList<Integer>();
            forEachPass(run, 0, (queries, check) -> {
                tokens.addAll(queries);
                if (check) {
                    for (int head = 0; head < run.shape.kvHeads(); head++) {
                        assertThat(run.held(0, head)).isEqualTo(set(tokens));
                    }
                }
                double[] score = new double[tokens.size()];
                for (int head = 0; head < run.shape.kvHeads(); head++) {
                    double[] means = means(run, queries.getLast(), head, tokens);
                    for (int i = 0; i < score.length; i++) {
                        score[i] += means[i];
                    }
                }
                if (tokens.size() > cacheSize) {
                    var kept = IntStream.range(0, score.length)
                            .boxed()
                            .sorted(Comparator.comparing((Integer i) -> -score[i]))
                            .limit(cacheSize)
                            .sorted()
                            .map(tokens::get)
                            .toList();
                    tokens.clear();
                    tokens.addAll(kept);
                }
            });
        }
    }

    @Example
    void tovaProtectsNothingAndH2oTheNewest() {
        try (var tova = new SlotRun(new CacheShape(1, 2, 1, 4),
                SlotRun.options("tova").budget(Budget.tokens(6)).build(),
                200, 3, ReferenceKvDevice::new);
                var h2o = new SlotRun(new CacheShape(1, 2, 1, 4),
                        SlotRun.options("h2o").budget(Budget.tokens(6)).build(), 200, 3, ReferenceKvDevice::new)) {
            for (int i = 0; i < 200; i++) {
                tova.step();
                h2o.step();
            }
            assertThat(tova.events).anyMatch(e -> e.kind() == Kind.EVICTED && e.position() == e.step() - 2);
            assertThat(h2o.events).filteredOn(e -> e.kind() == Kind.EVICTED)
                    .allMatch(e -> e.position() < e.step() - 1 - 3);
        }
    }

    @Example
    void h2oHeadsChooseForThemselves() {
        try (var run = new SlotRun(new CacheShape(1, 4, 2, 4), SlotRun.options("h2o").budget(Budget.tokens(8)).build(),
                60, 3, ReferenceKvDevice::new)) {
            run.prompt(40, 40);
            assertThat(run.held(0, 0)).isNotEqualTo(run.held(0, 1));
        }
    }

    private static SlotRun random(String policy, long seed) {
        var random = new SplittableRandom(seed);
        int kvHeads = 1 + random.nextInt(3);
        var shape = new CacheShape(1, kvHeads * (1 + random.nextInt(3)), kvHeads, 2 + random.nextInt(3));
        var options = SlotRun.options(policy).budget(Budget.tokens(2 + random.nextInt(12))).build();
        return new SlotRun(shape, options, 60, random.nextLong(), ReferenceKvDevice::new);
    }

    /** One forward pass: the positions of its queries, and whether the cache has a state to compare with before the cut. */
    private interface Pass {
        void run(List<Integer> queries, boolean check);
    }

    private static void forEachPass(SlotRun run, int layer, Pass pass) {
        int prompt = run.sequence.layer(0).budget % 3 == 0 ? 0 : 25;
        if (prompt > 0) {
            run.prompt(prompt, 7);
            pass.run(IntStream.range(0, prompt).boxed().toList(), false);
        }
        for (int t = prompt; t < 60; t++) {
            run.step();
            assertThat(run.queries.get(layer)).hasSize(t + 1);
            pass.run(List.of(t), true);
        }
    }

    private static BitSet set(List<Integer> tokens) {
        var set = new BitSet();
        tokens.forEach(set::set);
        return set;
    }

    /** The mean softmax weight over the query heads of a KV head. */
    private static double[] means(SlotRun run, int query, int head, List<Integer> tokens) {
        int headDim = run.shape.headDim();
        int shared = run.shape.queryHeads() / run.shape.kvHeads();
        double[] means = new double[tokens.size()];
        for (int h = head * shared; h < (head + 1) * shared; h++) {
            double[] weights = new double[tokens.size()];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                for (int d = 0; d < headDim; d++) {
                    weights[i] += (double) run.queries.get(0).get(query)[h * headDim + d]
                            * run.keys.get(0).get(tokens.get(i))[head * headDim + d];
                }
                weights[i] = Math.exp(weights[i] / Math.sqrt(headDim));
                sum += weights[i];
            }
            for (int i = 0; i < weights.length; i++) {
                means[i] += weights[i] / sum / shared;
            }
        }
        return means;
    }
}
