package dev.kvasir.kvcache.token;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.paged.DenseAttention;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/** One sequence fed with seeded random tokens, whose every output and token is checked after each step. */
final class SlotRun implements AutoCloseable {
    record Event(Kind kind, long step, int layer, int head, int position) {}

    final CacheShape shape;
    final CacheOptions options;
    final SlotCache cache;
    final SlotSequence sequence;
    final List<Event> events = new ArrayList<>();
    final List<float[]> outputs = new ArrayList<>(); // of every layer of every step
    final List<List<float[]>> keys = new ArrayList<>(); // [layers][tokens]
    final List<List<float[]>> values = new ArrayList<>();
    final List<List<float[]>> queries = new ArrayList<>();
    private final SlotPlan plan;
    private final int maxTokens;
    private final SplittableRandom random;
    private final BitSet[][] evicted; // [layers][kvHeads]

    SlotRun(CacheShape shape, CacheOptions options, int maxTokens, long seed, KvDeviceFactory devices) {
        this.shape = shape;
        this.options = options;
        this.maxTokens = maxTokens;
        cache = SlotCache.create(shape, options, maxTokens, 1, devices, (kind, state, step, layer, number, group, page,
                importance, bytes) -> events.add(new Event(kind, step, layer, group, page)));
        sequence = (SlotSequence) cache.open(maxTokens);
        plan = SlotPlan.of(shape, options);
        random = new SplittableRandom(seed);
        evicted = new BitSet[shape.layers()][shape.kvHeads()];
        for (int layer = 0; layer < shape.layers(); layer++) {
            keys.add(new ArrayList<>());
            values.add(new ArrayList<>());
            queries.add(new ArrayList<>());
            Arrays.setAll(evicted[layer], head -> new BitSet());
        }
    }

    /** Options in 32-bit pages, so that outputs can be compared closely. */
    static CacheOptions.Builder options(String policy) {
        return CacheOptions.builder().policy(Policies.named(policy)).kvType(KvType.F32).denseLayers(0).pageSize(4);
    }

    float[] normal(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Feeds a random text in chunks, behind what is held. */
    void prompt(int tokens, int chunk) {
        int before = sequence.length();
        sequence.beginPrefill(tokens);
        int stride = plan.shape().kvWidth();
        for (int layer = 0; layer < shape.layers(); layer++) {
            float[] q = normal(tokens * plan.shape().queryWidth());
            float[] k = normal(tokens * stride);
            float[] v = normal(tokens * stride);
            for (int t = 0; t < tokens; t++) {
                note(layer, row(q, t, plan.shape().queryWidth()), row(k, t, stride), row(v, t, stride));
            }
            var kept = held(layer);
            for (int first = 0; first < tokens; first += chunk) {
                int count = Math.min(chunk, tokens - first);
                float[] out = new float[count * plan.shape().queryWidth()];
                sequence.prefill(layer, rows(q, first, count, plan.shape().queryWidth()), rows(k, first, count, stride),
                        rows(v, first, count, stride), count, out);
                if (block(layer) == 0) {
                    checkText(layer, kept, before + first, count, out);
                }
                for (int t = 0; t < count; t++) {
                    outputs.add(row(out, t, plan.shape().queryWidth()));
                }
            }
            sequence.endPrefill(layer);
            check(layer);
        }
    }

    private int block(int layer) {
        var keeper = sequence.layer(layer).keeper;
        return keeper == null ? 0 : keeper.promptBlock();
    }

    private static float[] row(float[] all, int t, int stride) {
        return rows(all, t, 1, stride);
    }

    private static float[] rows(float[] all, int first, int count, int stride) {
        return Arrays.copyOfRange(all, first * stride, (first + count) * stride);
    }

    private void note(int layer, float[] q, float[] k, float[] v) {
        queries.get(layer).add(q);
        keys.get(layer).add(k);
        values.get(layer).add(v);
    }

    /** Each query saw the tokens kept before the text and those of the text up to its own. */
    private void checkText(int layer, BitSet[] kept, int first, int count, float[] out) {
        for (int t = 0; t < count; t++) {
            for (var seen : kept) {
                seen.set(first + t);
            }
            assertClose(row(out, t, plan.shape().queryWidth()), DenseAttention.attend(shape,
                    queries.get(layer).get(first + t), keys.get(layer), values.get(layer), kept));
        }
    }

    /** Feeds one random token and checks everything. */
    void step() {
        sequence.beginStep();
        for (int layer = 0; layer < shape.layers(); layer++) {
            float[] q = normal(plan.shape().queryWidth());
            float[] k = normal(plan.shape().kvWidth());
            float[] v = normal(plan.shape().kvWidth());
            note(layer, q, k, v);
            float[] out = new float[q.length + 3];
            float[] shiftedQ = new float[q.length + 2];
            System.arraycopy(q, 0, shiftedQ, 2, q.length);
            float[] shiftedV = new float[v.length + 1];
            System.arraycopy(v, 0, shiftedV, 1, v.length);
            int before = events.size();
            sequence.step(layer, shiftedQ, 2, k, 0, shiftedV, 1, out, 3);
            float[] result = Arrays.copyOfRange(out, 3, out.length);
            assertClose(result, DenseAttention.attend(shape, q, keys.get(layer), values.get(layer),
                    attended(layer, before)));
            outputs.add(result);
            check(layer);
            for (int head = 0; head < shape.kvHeads(); head++) {
                assertThat(held(layer, head).get(sequence.length() - 1)).as("the newest is there").isTrue();
            }
        }
    }

    /** What the step just made attended: the tokens held, or those selected. */
    private BitSet[] attended(int layer, int firstEvent) {
        var attended = new BitSet[shape.kvHeads()];
        for (int head = 0; head < attended.length; head++) {
            attended[head] = new BitSet();
        }
        for (var event : events.subList(firstEvent, events.size())) {
            if (event.kind() == Kind.SELECTED) {
                attended[event.head()].set(event.position());
            }
        }
        for (int head = 0; head < attended.length; head++) {
            if (attended[head].isEmpty()) {
                attended[head] = held(layer, head);
            } else {
                assertThat(attended[head].cardinality()).isLessThanOrEqualTo(sequence.layer(layer).budgets[head]);
            }
        }
        return attended;
    }

    private BitSet[] held(int layer) {
        var held = new BitSet[shape.kvHeads()];
        Arrays.setAll(held, head -> held(layer, head));
        return held;
    }

    /** Positions of the tokens of a KV head. */
    BitSet held(int layer, int head) {
        var tokens = sequence.layer(layer);
        var held = new BitSet();
        for (int i = 0; i < tokens.count(head); i++) {
            held.set(tokens.position(head, i));
        }
        return held;
    }

    /** What must hold of a layer after every step. */
    private void check(int layer) {
        var tokens = sequence.layer(layer);
        boolean isBudgeted = plan.isManaged(layer, tokens.budget, maxTokens) && plan.policy().evicts();
        for (int head = 0; head < shape.kvHeads(); head++) {
            var slots = new BitSet();
            for (int i = 0; i < tokens.count(head); i++) {
                assertThat(i == 0 || tokens.position(head, i - 1) < tokens.position(head, i)).isTrue();
                slots.set(tokens.heads[head].slot(i));
            }
            assertThat(slots.cardinality()).isEqualTo(tokens.count(head));
            assertThat(slots.length()).as("slots have no gap").isEqualTo(tokens.count(head));
            var held = held(layer, head);
            if (isBudgeted) {
                assertThat(held.cardinality()).isLessThanOrEqualTo(tokens.budgets[head]);
            } else {
                assertThat(held.cardinality()).isEqualTo(sequence.length());
            }
            assertThat(held.intersects(evicted[layer][head])).as("what has left never returns").isFalse();
            evicted[layer][head].set(0, sequence.length());
            evicted[layer][head].andNot(held);
        }
    }

    static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).as("element %d: %s and %s", i, actual[i], expected[i])
                    .isLessThan(1e-4f);
        }
    }

    @Override
    public void close() {
        sequence.close();
        assertThat(cache.pool().used()).isZero();
        cache.close();
    }
}
