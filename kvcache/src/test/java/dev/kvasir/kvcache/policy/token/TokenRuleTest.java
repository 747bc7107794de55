package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.token.TokenRun.Row;
import dev.kvasir.kvcache.policy.token.TokenRun.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each token policy against its rule, written down once more as the papers have it: from the whole history, each time. */
class TokenRuleTest {
    private static final int BUDGET = 24;

    private static void run(TokenPolicy policy, Map<String, String> options, Rule rule, int prompt) {
        var run = new TokenRun(policy, options, rule, BUDGET, 200, 7 + prompt);
        if (prompt > 0) {
            run.prompt(prompt);
        }
        run.steps(90);
    }

    /** Those of highest score, of equals the newer; ascending. */
    private static List<Integer> best(List<Integer> tokens, int count, ToDoubleFunction<Integer> score) {
        return tokens.stream()
                .sorted(Comparator.<Integer>comparingDouble(score).thenComparing(token -> token).reversed())
                .limit(count)
                .sorted()
                .toList();
    }

    /** The one of lowest score, of equals the oldest. */
    private static int worst(List<Integer> tokens, ToDoubleFunction<Integer> score) {
        return tokens.stream()
                .min(Comparator.<Integer>comparingDouble(score).thenComparing(token -> token))
                .orElseThrow();
    }

    private static List<Integer> newest(List<Integer> tokens, int count) {
        return tokens.subList(tokens.size() - count, tokens.size());
    }

    private static List<Integer> butNewest(List<Integer> tokens, int count) {
        return tokens.subList(0, tokens.size() - count);
    }

    private static List<Integer> both(List<Integer> a, List<Integer> b) {
        var all = new ArrayList<>(a);
        all.addAll(b);
        return all.stream().sorted().toList();
    }

    private static List<Row> last(TokenRun run, int count) {
        return run.rows.subList(Math.max(0, run.rows.size() - count), run.rows.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 60})
    void h2oKeepsTheHeaviestAndTheNewest(int prompt) {
        int recent = 6;
        var rule = new Rule() {
            private float weight(TokenRun run, int kvHead, int token) {
                float sum = 0;
                for (var row : run.rows) {
                    sum += row.meanAt(kvHead, token);
                }
                return sum;
            }

            @Override
            public List<Integer> retain(TokenRun run, int kvHead, List<Integer> held) {
                return both(best(butNewest(held, recent), BUDGET - recent, token -> weight(run, kvHead, token)),
                        newest(held, recent));
            }

            @Override
            public int leaving(TokenRun run, int kvHead, List<Integer> held) {
                return worst(butNewest(held, recent), token -> weight(run, kvHead, token));
            }
        };
        run(new H2oPolicy(), Map.of("recent", "25%"), rule, prompt);
    }

    @ParameterizedTest
    @CsvSource({"0, 400", "20, 7", "60, 400", "60, 70", "100, 13"})
    void scissorhandsDropsThoseThatWereLowMostOften(int prompt, int history) {
        int recent = 5;
        int drop = 6; // a quarter of the budget
        var rule = new Rule() {
            private final Map<Integer, List<Integer>> queues = new HashMap<>();

            private double low(TokenRun run, int kvHead, int token) {
                return last(run, history).stream()
                        .filter(row -> row.sees(kvHead, token)
                                && row.meanAt(kvHead, token) < 1f / row.count(kvHead))
                        .count();
            }

            @Override
            public List<Integer> retain(TokenRun run, int kvHead, List<Integer> held) {
                return both(best(butNewest(held, recent), BUDGET - recent, token -> -low(run, kvHead, token)),
                        newest(held, recent));
            }

            @Override
            public int leaving(TokenRun run, int kvHead, List<Integer> held) {
                var queue = queues.computeIfAbsent(kvHead, head -> new ArrayList<>());
                if (queue.isEmpty()) {
                    var others = new ArrayList<>(butNewest(held, recent));
                    for (int i = 0; i < drop; i++) {
                        int victim = worst(others, token -> -low(run, kvHead, token));
                        others.remove((Object) victim);
                        queue.add(victim);
                    }
                }
                return queue.removeFirst();
            }
        };
        run(new ScissorhandsPolicy(), Map.of("history", "" + history, "recent", "5", "drop", "0.25"), rule, prompt);
    }

    /** RoCo's mean and standard deviation of the weights that a token got from those that saw it. */
    private record Moments(double mean, double deviation) {
        static Moments of(List<Row> rows, int kvHead, int token) {
            double sum = 0;
            double squares = 0;
            int count = 0;
            for (var row : rows) {
                if (row.sees(kvHead, token)) {
                    double weight = row.meanAt(kvHead, token);
                    sum += weight;
                    squares += weight * weight;
                    count++;
                }
            }
            return new Moments(sum / count, Math.sqrt(Math.max(0, squares / count - sum * sum / count / count)));
        }
    }

    private static List<Integer> rocoVictims(List<Row> rows, int kvHead, List<Integer> candidates, int feasible,
            int count) {
        record Candidate(int token, Moments moments) {}
        return candidates.stream()
                .map(token -> new Candidate(token, Moments.of(rows, kvHead, token)))
                .sorted(Comparator.comparingDouble(candidate -> (float) candidate.moments().deviation()))
                .limit(feasible)
                .sorted(Comparator.comparingInt(Candidate::token))
                .sorted(Comparator.comparingDouble(candidate -> (float) candidate.moments().mean()))
                .limit(count)
                .map(Candidate::token)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"decoding, 0", "decoding, 15", "decoding, 70", "auto, 0", "auto, 20", "auto, 71", "auto, 95",
        "encoding, 0", "encoding, 20", "encoding, 71", "encoding, 95"})
    void rocoDropsTheLowestMeanOfThoseThatVaryLittle(String mode, int prompt) {
        int sinks = mode.equals("decoding") ? 0 : 3;
        int recent = 6;
        var rule = new Rule() {
            @Override
            public List<Integer> retain(TokenRun run, int kvHead, List<Integer> held) {
                int leave = held.size() - BUDGET;
                int feasible = mode.equals("decoding") ? held.size() - recent : BUDGET - recent - sinks;
                var candidates = held.subList(sinks, held.size() - 10);
                var victims = rocoVictims(run.rows, kvHead, candidates, feasible, leave);
                return held.stream().filter(token -> !victims.contains(token)).toList();
            }

            @Override
            public int leaving(TokenRun run, int kvHead, List<Integer> held) {
                if (!mode.equals("encoding")) {
                    return rocoVictims(run.rows, kvHead, butNewest(held, 10), BUDGET - 1 - recent, 1).getFirst();
                }
                var ofPrompt = held.stream().filter(token -> token < run.promptTokens).toList();
                if (ofPrompt.size() <= sinks) {
                    return held.get(sinks);
                }
                return rocoVictims(run.rows.subList(0, run.promptTokens), kvHead,
                        ofPrompt.subList(sinks, ofPrompt.size()), BUDGET - recent - sinks, 1).getFirst();
            }
        };
        run(new RoCoPolicy(), Map.of("mode", mode, "recent", "25%", "sink", "3", "stride", "8"), rule, prompt);
    }

    /** SnapKV's pooled votes of the tokens before the last queries of the prompt. */
    private static double vote(TokenRun run, int kvHead, int token, int queries, int kernel, String pool) {
        int first = run.promptTokens - queries;
        var voters = run.rows.subList(first, run.promptTokens);
        double sum = 0;
        double max = 0;
        for (int neighbour = token - kernel / 2; neighbour <= token + kernel / 2; neighbour++) {
            if (neighbour >= 0 && neighbour < first) {
                double votes = 0;
                for (var row : voters) {
                    votes += row.meanAt(kvHead, neighbour);
                }
                sum += votes;
                max = Math.max(max, votes);
            }
        }
        return pool.equals("avg") ? sum / kernel : max;
    }

    @ParameterizedTest
    @CsvSource({"0, avg, 5", "3, avg, 5", "20, max, 5", "60, avg, 5", "60, max, 7", "61, avg, 1"})
    void snapkvKeepsWhatTheLastQueriesOfThePromptVoteFor(int prompt, String pool, int kernel) {
        int window = Math.min(8, prompt);
        var rule = new Rule() {
            @Override
            public List<Integer> retain(TokenRun run, int kvHead, List<Integer> held) {
                return both(best(butNewest(held, window), BUDGET - window,
                        token -> vote(run, kvHead, token, window, kernel, pool)), newest(held, window));
            }

            @Override
            public int leaving(TokenRun run, int kvHead, List<Integer> held) {
                var chosen = held.stream().filter(token -> token < run.promptTokens - window).toList();
                return chosen.isEmpty()
                        ? held.getFirst()
                        : worst(chosen, token -> vote(run, kvHead, token, window, kernel, pool));
            }
        };
        run(new SnapKvPolicy(), Map.of("queries", "8", "pool", pool, "kernel", "" + kernel), rule, prompt);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 24, 25, 60})
    void snapstreamFreezesTheVotedAndTurnsTheRest(int prompt) {
        int sinks = 2;
        int ring = 12;
        var rule = new Rule() {
            private final Map<Integer, List<Integer>> frozen = new HashMap<>();

            @Override
            public List<Integer> retain(TokenRun run, int kvHead, List<Integer> held) {
                var between = held.subList(sinks, held.size() - ring);
                var chosen = best(between, BUDGET - sinks - ring,
                        token -> vote(run, kvHead, token, 8, 5, "avg"));
                frozen.put(kvHead, both(held.subList(0, sinks), chosen));
                return both(frozen.get(kvHead), newest(held, ring));
            }

            @Override
            public int leaving(TokenRun run, int kvHead, List<Integer> held) {
                var stays = frozen.computeIfAbsent(kvHead, head -> held.subList(0, BUDGET - ring));
                return held.stream().filter(token -> !stays.contains(token)).findFirst().orElseThrow();
            }
        };
        run(new SnapStreamPolicy(), Map.of("queries", "8", "sink", "2"), rule, prompt);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 60})
    void keyformerSumsWeightsUnderNoise(int prompt) {
        int recent = 6;
        var noise = new GumbelNoise(5, 0, 3);
        var rule = new Rule() {
            private double score(TokenRun run, int kvHead, int token) {
                int shared = TokenRun.QUERY_HEADS / TokenRun.KV_HEADS;
                double score = 0;
                for (var row : run.rows) {
                    int at = row.seen.get(kvHead).indexOf(token);
                    for (int head = kvHead * shared; at >= 0 && head < (kvHead + 1) * shared; head++) {
                        double tau = 1.5 + 0.25 * Math.max(0, row.query - run.promptTokens + 1);
                        double sum = 0;
                        double own = 0;
                        for (int i = 0; i < row.count(kvHead); i++) {
                            double exp = Math.exp(
                                    (row.logit(head, i) + noise.at(head, row.query, row.position(kvHead, i))) / tau);
                            sum += exp;
                            own = i == at ? exp : own;
                        }
                        score += own / sum / shared;
                    }
                }
                return score;
            }

            @Override
            public List<Integer> retain(TokenRun run, int kvHead, List<Integer> held) {
                return both(best(butNewest(held, recent), BUDGET - recent, token -> score(run, kvHead, token)),
                        newest(held, recent));
            }

            @Override
            public int leaving(TokenRun run, int kvHead, List<Integer> held) {
                return worst(butNewest(held, recent), token -> score(run, kvHead, token));
            }
        };
        run(new KeyformerPolicy(), Map.of("recent", "6", "tau-init", "1.5", "tau-delta", "0.25", "seed", "5"), rule,
                prompt);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "15, 0.5", "60, 0.5", "60, 1", "60, 0"})
    void qhitterWeighsAttentionAgainstWhatStoringCosts(int prompt, float lambda) {
        int recent = 5;
        int heavy = 8;
        var rule = new Rule() {
            private double weight(TokenRun run, int kvHead, int token) {
                float sum = 0;
                for (var row : run.rows) {
                    sum += row.meanAt(kvHead, token);
                }
                return sum;
            }

            private double error(float[] numbers, int kvHead) {
                var own = IntStream.range(kvHead * 8, kvHead * 8 + 8).mapToDouble(i -> numbers[i]).toArray();
                double min = IntStream.range(0, 8).mapToDouble(i -> own[i]).min().orElseThrow();
                double max = IntStream.range(0, 8).mapToDouble(i -> own[i]).max().orElseThrow();
                double step = (max - min) / 15;
                double sum = 0;
                for (double number : own) {
                    double stored = min + step * Math.rint((number - min) / step);
                    sum += (number - stored) * (number - stored);
                }
                return Math.sqrt(sum);
            }

            private double scaled(List<Integer> held, int token, ToDoubleFunction<Integer> number) {
                double min = held.stream().mapToDouble(number).min().orElseThrow();
                double max = held.stream().mapToDouble(number).max().orElseThrow();
                return max > min ? (number.applyAsDouble(token) - min) / (max - min) : 0;
            }

            private double score(TokenRun run, int kvHead, List<Integer> held, int token) {
                double attention = scaled(held, token, t -> weight(run, kvHead, t));
                double key = scaled(held, token, t -> error(run.keys.get(t), kvHead));
                double value = scaled(held, token, t -> error(run.values.get(t), kvHead));
                return lambda * attention + (1 - lambda) * (2 - key - value) / 2;
            }

            private List<Integer> kept(TokenRun run, int kvHead, List<Integer> held, int newest, int count) {
                var others = new ArrayList<>(butNewest(held, newest));
                var heaviest = best(others, heavy, token -> weight(run, kvHead, token));
                others.removeAll(heaviest);
                var scores = new HashMap<Integer, Double>();
                others.forEach(token -> scores.put(token, score(run, kvHead, held, token)));
                return both(
                        both(heaviest, best(others, count - newest - heavy, token -> scores.getOrDefault(token, 0d))),
                        newest(held, newest));
            }

            @Override
            public List<Integer> retain(TokenRun run, int kvHead, List<Integer> held) {
                return kept(run, kvHead, held, recent, BUDGET);
            }

            @Override
            public int leaving(TokenRun run, int kvHead, List<Integer> held) {
                var left = new ArrayList<>(held);
                left.removeAll(kept(run, kvHead, held, recent, BUDGET - 1));
                return left.getFirst();
            }
        };
        run(new QHitterPolicy(), Map.of("recent", "5", "heavy", "8", "lambda", "" + lambda), rule, prompt);
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "40, 16", "40, 5"})
    void alisaReadsTheNewestAndWhatTheLastQueriesGaveMost(int prompt, int history) {
        int recent = 8;
        var rule = new Rule() {
            @Override
            public List<Integer> select(TokenRun run, int kvHead, List<Integer> held) {
                // The row of the query under way is in the history already, and is none of those before it.
                var before = run.rows.subList(0, run.rows.size() - 1);
                var lastOnes = before.subList(Math.max(0, before.size() - history), before.size());
                return both(best(butNewest(held, recent), BUDGET - recent, token -> {
                    float sum = 0;
                    for (var row : lastOnes) {
                        sum += row.meanAt(kvHead, token);
                    }
                    return sum;
                }), newest(held, recent));
            }
        };
        run(new AlisaPolicy(), Map.of("recent", "8", "history", "" + history), rule, prompt);
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "40, 3", "40, 8"})
    void sparqReadsWhereTheLargestElementsPoint(int prompt, int rank) {
        int recent = 6;
        var rule = new Rule() {
            @Override
            public List<Integer> select(TokenRun run, int kvHead, List<Integer> held) {
                return SparQRule.select(run, kvHead, held, rank, recent);
            }
        };
        run(new SparQPolicy(), Map.of("recent", "6", "rank", "" + rank), rule, prompt);
    }
}
