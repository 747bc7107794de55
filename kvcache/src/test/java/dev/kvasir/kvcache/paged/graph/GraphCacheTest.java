package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.launch.Devices;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.option.Groups;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.policy.FallingPages;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/** A cache on task graphs against the same cache on the reference device, fed with the same random tokens. */
class GraphCacheTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 8);
    private static final CacheOptions OPTIONS = CacheOptions.builder()
            .kvType(KvType.F32)
            .pageSize(4)
            .sinkPages(1)
            .windowPages(2)
            .denseLayers(1)
            .budget(Budget.pages(8))
            .topkTokens(64)
            .build();
    private static final int CONTEXT = 90;

    private record Event(CacheEvents.Kind kind, long step, int layer, int group, int page) {}

    /** The same sequences on both devices. */
    private static final class Pair implements AutoCloseable {
        final List<Event> graphEvents = new ArrayList<>();
        final List<Event> events = new ArrayList<>();
        final GraphRun graphs;
        final PagedCache cache;
        final KvSequence[] sequences;
        final int layers = SHAPE.layers();
        final SplittableRandom random = new SplittableRandom(5);

        Pair(CacheOptions options, int count, int chunk) {
            this(options, count, chunk, TornadoFrames::new);
        }

        Pair(CacheOptions options, int count, int chunk, Function<CachePlan, TornadoFrames> devices) {
            graphs = new GraphRun(SHAPE, options, CONTEXT, count, chunk,
                    (kind, state, step, layer, sequence, group, page, importance, bytes) -> graphEvents
                            .add(new Event(kind, step, layer, group, page)),
                    devices);
            cache = PagedCache.create(CachePlan.of(SHAPE, options, CONTEXT, count), ReferenceKvDevice::new,
                    (kind, state, step, layer, sequence, group, page, importance, bytes) -> events
                            .add(new Event(kind, step, layer, group, page)));
            sequences = new KvSequence[count];
            for (int i = 0; i < count; i++) {
                sequences[i] = cache.open(CONTEXT);
            }
        }

        float[] normal(int count) {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = (float) random.nextGaussian();
            }
            return numbers;
        }

        void prompt(int sequence, int tokens, int chunk) {
            sequences[sequence].beginPrefill(tokens);
            graphs.sequences[sequence].beginPrefill(tokens);
            for (int layer = 0; layer < layers; layer++) {
                for (int first = 0; first < tokens; first += chunk) {
                    int count = Math.min(chunk, tokens - first);
                    float[] q = normal(count * 32);
                    float[] k = normal(count * 16);
                    float[] v = normal(count * 16);
                    float[] out = new float[q.length];
                    sequences[sequence].prefill(layer, q, k, v, count, out);
                    assertClose(graphs.read(sequence, layer, q, k, v, count), out);
                }
                sequences[sequence].endPrefill(layer);
                graphs.endRead(sequence, layer);
            }
        }

        void step(int n) {
            for (int i = 0; i < n; i++) {
                sequences[i].beginStep();
            }
            graphs.beginStep(n);
            for (int layer = 0; layer < layers; layer++) {
                float[][] q = new float[n][];
                float[][] k = new float[n][];
                float[][] v = new float[n][];
                float[][] out = new float[n][32];
                for (int i = 0; i < n; i++) {
                    q[i] = normal(32);
                    k[i] = normal(16);
                    v[i] = normal(16);
                    sequences[i].step(layer, q[i], 0, k[i], 0, v[i], 0, out[i], 0);
                }
                float[][] actual = graphs.step(layer, q, k, v);
                for (int i = 0; i < n; i++) {
                    assertClose(actual[i], out[i]);
                }
            }
        }

        /** What happened, but for backups, which are told when they are first seen. */
        static List<Event> decisions(List<Event> all) {
            return all.stream().filter(event -> event.kind() != CacheEvents.Kind.BACKED_UP).toList();
        }

        void checkEvents() {
            assertThat(decisions(graphEvents)).isEqualTo(decisions(events));
            assertThat(graphs.cache.stats().backedUp()).isEqualTo(cache.stats().backedUp());
        }

        @Override
        public void close() {
            for (var sequence : sequences) {
                sequence.close();
            }
            cache.close();
            graphs.close();
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).as("element %d: %s and %s", i, actual[i], expected[i])
                    .isLessThan(2e-5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "streaming-llm", "arkvale"})
    void policiesDecideAndAttendAsOnTheReference(String policy) {
        try (var pair = new Pair(OPTIONS.toBuilder().policy(Policies.named(policy)).build(), 1, 16)) {
            pair.prompt(0, 53, 16);
            for (int i = 0; i < 37; i++) {
                pair.step(1);
            }
            pair.checkEvents();
            if (policy.equals("arkvale")) {
                assertThat(pair.cache.stats().recalled()).isGreaterThan(20);
            }
        }
    }

    @Test
    void budgetsThatDifferByLayerAreKeptAsOnTheReference() {
        try (var pair = new Pair(OPTIONS.toBuilder().policy(new FallingPages(0)).build(), 1, 16)) {
            pair.prompt(0, 53, 16);
            for (int i = 0; i < 37; i++) {
                pair.step(1);
            }
            pair.checkEvents();
            assertThat(pair.cache.stats().recalled()).isGreaterThan(20);
        }
    }

    @Test
    void twoSequencesOfDifferentLengthsShareStepsAndFrames() {
        try (var pair = new Pair(OPTIONS.toBuilder().policy(Policies.named("arkvale")).build(), 2, 7)) {
            pair.prompt(0, 50, 7);
            pair.prompt(1, 3, 7);
            for (int i = 0; i < 39; i++) {
                pair.step(i % 4 == 3 ? 1 : 2);
            }
            assertThat(pair.cache.stats().recalled()).isGreaterThan(20);
            assertThat(pair.graphs.cache.stats().recalled()).isEqualTo(pair.cache.stats().recalled());
        }
    }

    @Test
    void everyKvHeadSelectsForItself() {
        var options = OPTIONS.toBuilder()
                .policy(Policies.named("arkvale"))
                .groups(Groups.KV_HEAD)
                .attend(Attend.WINNERS)
                .prefillQueries(5)
                .build();
        try (var pair = new Pair(options, 1, 64)) {
            pair.prompt(0, 64, 64);
            for (int i = 0; i < 26; i++) {
                pair.step(1);
            }
            pair.checkEvents();
        }
    }

    @ParameterizedTest
    @EnumSource
    void pagesArePrefetchedAsOnTheReference(Attend attend) {
        var options = OPTIONS.toBuilder().policy(Policies.named("arkvale")).attend(attend).prefetch(true).build();
        try (var pair = new Pair(options, 1, 16)) {
            pair.prompt(0, 53, 16);
            for (int i = 0; i < 37; i++) {
                pair.step(1);
            }
            pair.checkEvents();
            var stats = pair.graphs.cache.stats();
            assertThat(stats.prefetched()).isGreaterThan(20);
            assertThat(stats.unused()).isBetween(1L, stats.prefetched() - 1);
            assertThat(stats.misses()).isPositive();
        }
    }

    @Test
    void sequencesOfABatchPrefetchMoreThanTheStageHolds() {
        var options = OPTIONS.toBuilder()
                .policy(Policies.named("arkvale"))
                .budget(Budget.pages(16))
                .groups(Groups.KV_HEAD)
                .prefetch(true)
                .build();
        try (var pair = new Pair(options, 2, 16)) {
            pair.prompt(0, 83, 16);
            pair.prompt(1, 80, 16);
            for (int i = 0; i < 7; i++) {
                pair.step(i % 3 == 2 ? 1 : 2);
            }
            assertThat(pair.graphs.cache.stats().prefetched()).isEqualTo(pair.cache.stats().prefetched()).isPositive();
        }
    }

    /** A run whose copies are made by the strictest stream there is; fails where an order is broken. */
    private static void runOn(Function<TornadoFrames, GraphTransfers> copies, CacheOptions options) {
        try (var pair = new Pair(options, 1, 16, layout -> new TornadoFrames(layout, copies))) {
            pair.prompt(0, 53, 16);
            for (int i = 0; i < 37; i++) {
                pair.step(1);
            }
            pair.checkEvents();
            assertThat(pair.cache.stats().misses()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"EARLIEST, false", "EARLIEST, true", "LATEST, false", "LATEST, true"})
    void copiesOnAStreamOfTheirOwnKeepTheirOrder(StrictTransfers.Backups backups, boolean prefetch) {
        assumeFalse(Devices.areReal(), "what frames hold while a copy is under way is up to the simulator");
        runOn(device -> new StrictTransfers(device, backups),
                OPTIONS.toBuilder().policy(Policies.named("arkvale")).prefetch(prefetch).build());
    }

    @Test
    void aBackupBeforeItsGraphIsCaught() {
        assumeFalse(Devices.areReal(), "an order broken on purpose");
        assertThatThrownBy(() -> runOn(device -> new StrictTransfers(device, StrictTransfers.Backups.EARLIEST) {
            @Override
            public boolean backsUpInGraph() {
                return true; // and so they are enqueued before the graph runs
            }
        }, OPTIONS.toBuilder().policy(Policies.named("arkvale")).build())).isInstanceOf(AssertionError.class);
    }

    @Test
    void attentionBeforeARecallIsCaught() {
        assumeFalse(Devices.areReal(), "an order broken on purpose");
        assertThatThrownBy(() -> runOn(device -> new StrictTransfers(device, StrictTransfers.Backups.LATEST) {
            @Override
            public void beginRecalls(StagingArea stage) {
                beginEarlyRecalls(stage); // and so nothing in the graph waits for them
            }
        }, OPTIONS.toBuilder().policy(Policies.named("arkvale")).build())).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @CsvSource({"full, 4", "full, 16", "streaming-llm, 7", "arkvale, 1", "arkvale, 7", "arkvale, 16", "quest, 16",
        "infllm, 7", "random, 16"})
    void textsBehindStepsAreReadAsOnTheReference(String policy, int chunk) {
        for (var groups : new Groups[]{Groups.LAYER, Groups.KV_HEAD}) {
            var options = OPTIONS.toBuilder()
                    .policy(Policies.named(policy))
                    .groups(groups)
                    .prefillQueries(3)
                    .topkTokens(28)
                    .build();
            try (var pair = new Pair(options, 1, chunk)) {
                readAndStep(pair, chunk);
                pair.checkEvents();
            }
        }
    }

    /** Texts that begin at the edge of a page, behind one that no digest was made of, and in the middle of one. */
    private static void readAndStep(Pair pair, int chunk) {
        pair.prompt(0, 40, chunk);
        pair.prompt(0, 7, chunk);
        for (int i = 0; i < 11; i++) {
            pair.step(1);
        }
        pair.prompt(0, 14, chunk);
        pair.prompt(0, 1, chunk);
        for (int i = 0; i < CONTEXT - 73; i++) {
            pair.step(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pagesOfLaterTextsComeBackOnAStreamOfTheirOwn(StrictTransfers.Backups backups) {
        assumeFalse(Devices.areReal(), "what frames hold while a copy is under way is up to the simulator");
        var options = OPTIONS.toBuilder().policy(Policies.named("arkvale")).build();
        try (var pair = new Pair(options, 1, 16,
                layout -> new TornadoFrames(layout, device -> new StrictTransfers(device, backups)))) {
            readAndStep(pair, 16);
            pair.checkEvents();
        }
    }

    @Test
    void whatGraphsCannotReadIsRefused() {
        var options = OPTIONS.toBuilder().policy(Policies.named("arkvale")).build();
        assertThatThrownBy(() -> new Pair(options.toBuilder().extend(Extend.SELECT).build(), 1, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set CacheOptions.extend to exact or token");
        assertThatThrownBy(() -> new Pair(options.toBuilder().prefillBudget(4096).build(), 1, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave CacheOptions.prefillBudget at 0");
    }

    @Test
    void randomFillLeavesTheSameTables() {
        try (var pair = new Pair(OPTIONS.toBuilder().policy(Policies.named("arkvale")).build(), 1, 8)) {
            pair.sequences[0].fillRandom(61, 3);
            pair.graphs.sequences[0].fillRandom(61, 3);
            for (int i = 0; i < 10; i++) {
                pair.step(1);
            }
            pair.checkEvents();
        }
    }
}
