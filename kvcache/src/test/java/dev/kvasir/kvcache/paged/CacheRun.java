package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.digest.HeadAggregation;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** One sequence fed with seeded random tokens, whose every output and table is checked after each step. */
final class CacheRun implements AutoCloseable {
    record Event(CacheEvents.Kind kind, long step, int layer, int sequence, int group, int page, float importance) {}

    private record PageId(int layer, int group, int page) {}

    final CacheShape shape;
    final CacheOptions options;
    final PagedCache cache;
    final List<Event> events;
    final PagedSequence sequence;
    private final StateCheck states;
    private final boolean ownsCache;
    private final CachePlan plan;
    private final int maxTokens;
    private final SplittableRandom random;
    private final List<List<float[]>> keys = new ArrayList<>(); // [layers][tokens]
    private final List<List<float[]>> values = new ArrayList<>();
    private final Map<PageId, byte[]> filled = new HashMap<>();
    final List<float[]> outputs = new ArrayList<>(); // of every layer of every step

    CacheRun(CacheShape shape, CacheOptions options, int maxTokens, long seed) {
        this(shape, options, maxTokens, seed, ReferenceKvDevice::new);
    }

    CacheRun(CacheShape shape, CacheOptions options, int maxTokens, long seed, KvDeviceFactory devices) {
        this(shape, options, maxTokens, seed, new ArrayList<>(), states(shape, options, maxTokens), devices);
    }

    /** Makes transfers between frames and a store. */
    @FunctionalInterface
    interface Copies {
        PageTransfers of(MemorySegment[] frames, HostStore host);
    }

    /** Reference devices whose pages are copied by these transfers. */
    static KvDeviceFactory reference(Copies copies) {
        return (geometry, frames) -> new ReferenceKvDevice(geometry, frames) {
            @Override
            public PageTransfers transfers(HostStore host, BackupType backups) {
                return copies.of(memory(), host);
            }
        };
    }

    private CacheRun(CacheShape shape, CacheOptions options, int maxTokens, long seed, List<Event> events,
            StateCheck states, KvDeviceFactory devices) {
        this(shape, options, PagedCache.create(CachePlan.of(shape, options, maxTokens, 1), devices,
                states.and((kind, state, step, layer, number, group, page, importance, bytes) -> events
                        .add(new Event(kind, step, layer, number, group, page, importance)))),
                maxTokens, seed, events, states, true);
    }

    private static StateCheck states(CacheShape shape, CacheOptions options, int maxTokens) {
        return new StateCheck(CachePlan.of(shape, options, maxTokens, 1).policy().recalls());
    }

    private CacheRun(CacheShape shape, CacheOptions options, PagedCache cache, int maxTokens, long seed,
            List<Event> events, StateCheck states, boolean ownsCache) {
        this.states = states;
        this.shape = shape;
        this.options = options;
        this.cache = cache;
        this.events = events;
        this.ownsCache = ownsCache;
        this.maxTokens = maxTokens;
        plan = cache.plan();
        random = new SplittableRandom(seed);
        sequence = (PagedSequence) cache.open(maxTokens);
        for (int layer = 0; layer < shape.layers(); layer++) {
            keys.add(new ArrayList<>());
            values.add(new ArrayList<>());
        }
    }

    /** A sequence in a cache that others use too; its events are not kept. */
    static CacheRun in(PagedCache cache, CacheShape shape, CacheOptions options, int maxTokens, long seed) {
        return new CacheRun(shape, options, cache, maxTokens, seed, new ArrayList<>(),
                states(shape, options, maxTokens), false);
    }

    /** Options in 32-bit pages, so that outputs can be compared closely. */
    static CacheOptions.Builder options(String policy) {
        return CacheOptions.builder().policy(Policies.named(policy)).kvType(KvType.F32).denseLayers(0);
    }

    float[] normal(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Feeds a random text in chunks, as a prompt or behind what the sequence holds, and checks it. */
    void prompt(int tokens, int chunk) {
        int start = sequence.length();
        sequence.beginPrefill(tokens);
        int stride = plan.shape().kvWidth();
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int first = 0; first < tokens; first += chunk) {
                int count = Math.min(chunk, tokens - first);
                float[] q = normal(count * plan.shape().queryWidth());
                float[] k = normal(count * stride);
                float[] v = normal(count * stride);
                float[] out = new float[q.length];
                for (int t = 0; t < count; t++) {
                    keys.get(layer).add(Arrays.copyOfRange(k, t * stride, (t + 1) * stride));
                    values.get(layer).add(Arrays.copyOfRange(v, t * stride, (t + 1) * stride));
                }
                sequence.prefill(layer, q, k, v, count, out);
                checkPrompt(layer, start + first, count, q, out);
                noteFilled(layer);
            }
            sequence.endPrefill(layer);
        }
        checkTables();
    }

    private void checkPrompt(int layer, int first, int count, float[] q, float[] out) {
        int stride = plan.shape().queryWidth();
        for (int t = 0; t < count; t++) {
            var seen = new BitSet[plan.groups()];
            for (int g = 0; g < seen.length; g++) {
                seen[g] = seenByText(sequence.group(layer, g));
                seen[g].clear(first + t + 1, Integer.MAX_VALUE);
            }
            assertClose(Arrays.copyOfRange(out, t * stride, (t + 1) * stride), DenseAttention.attend(shape,
                    Arrays.copyOfRange(q, t * stride, (t + 1) * stride), keys.get(layer), values.get(layer),
                    seen));
        }
    }

    /** All tokens, unless some are gone or were not selected. */
    private BitSet seenByText(GroupPages group) {
        var seen = new BitSet();
        if (group.isBackedUp() && options.extend() == Extend.EXACT) {
            seen.set(0, sequence.length());
        }
        for (int i = 0; i < group.table.size(); i++) {
            int page = group.table.page(i);
            seen.set(page * options.pageSize(), (page + 1) * options.pageSize());
        }
        return seen;
    }

    /** Feeds one random token and checks everything. */
    void step() {
        sequence.beginStep();
        for (int layer = 0; layer < shape.layers(); layer++) {
            stepLayer(layer, normal(plan.shape().queryWidth()), normal(plan.shape().kvWidth()),
                    normal(plan.shape().kvWidth()));
        }
        checkTables();
    }

    /** One layer of a step, with an output compared to dense attention over the same tokens. */
    float[] stepLayer(int layer, float[] q, float[] k, float[] v) {
        keys.get(layer).add(k);
        values.get(layer).add(v);
        float[] out = new float[plan.shape().queryWidth() + 3];
        float[] shiftedQ = new float[q.length + 2];
        System.arraycopy(q, 0, shiftedQ, 2, q.length);
        float[] shiftedV = new float[v.length + 1];
        System.arraycopy(v, 0, shiftedV, 1, v.length);
        sequence.step(layer, shiftedQ, 2, k, 0, shiftedV, 1, out, 3);
        float[] result = Arrays.copyOfRange(out, 3, out.length);
        assertClose(result, DenseAttention.attend(shape, q, keys.get(layer), values.get(layer), attended(layer)));
        noteFilled(layer);
        checkImportance(layer, q);
        outputs.add(result);
        return result;
    }

    /** The centroid's estimate is q.mean(k), so that it can be checked from the keys alone. */
    private void checkImportance(int layer, float[] q) {
        if (options.digest() != DigestKind.CENTROID || options.aggregation() != HeadAggregation.MEAN) {
            return;
        }
        int headDim = shape.headDim();
        int shared = shape.queryHeads() / shape.kvHeads();
        int heads = plan.queryHeadsPerGroup();
        for (int g = 0; g < plan.groups(); g++) {
            var group = sequence.group(layer, g);
            boolean judged = group.isJudged() && group.pages > group.limits().budget();
            for (int page = 0; judged && page < group.pages - 1; page++) {
                double expected = 0;
                for (int t = page * options.pageSize(); t < (page + 1) * options.pageSize(); t++) {
                    for (int i = g * heads * headDim; i < (g + 1) * heads * headDim; i++) {
                        int kvHead = i / headDim / shared;
                        expected += q[i] * keys.get(layer).get(t)[kvHead * headDim + i % headDim];
                    }
                }
                assertThat(group.importance(page)).isCloseTo((float) (expected / options.pageSize() / heads),
                        within(1e-4f));
            }
        }
    }

    /** The tokens each group attended in the step just made. */
    private BitSet[] attended(int layer) {
        var attended = new BitSet[plan.groups()];
        for (int g = 0; g < attended.length; g++) {
            attended[g] = new BitSet();
            var group = sequence.group(layer, g);
            boolean winnersOnly = (options.attend() == Attend.WINNERS || !plan.policy().evicts()) && group.isJudged()
                    && group.pages > group.limits().budget();
            for (int i = 0; i < group.table.size(); i++) {
                int page = group.table.page(i);
                if (!winnersOnly || isProtected(group, page) || isWinner(group, page)) {
                    assertThat(sequence.state(layer, g, page)).isIn(PageState.FILLING, PageState.FULL,
                            PageState.BACKED_UP, PageState.RESIDENT);
                    attended[g].set(page * options.pageSize(),
                            Math.min((page + 1) * options.pageSize(), sequence.length()));
                }
            }
        }
        return attended;
    }

    private static boolean isProtected(GroupPages group, int page) {
        return page < group.limits().sinks() || page >= group.pages - group.limits().window();
    }

    private static boolean isWinner(GroupPages group, int page) {
        return Arrays.stream(group.winners, 0, group.winnerCount).anyMatch(winner -> winner == page);
    }

    private void noteFilled(int layer) {
        for (int g = 0; g < plan.groups(); g++) {
            var group = sequence.group(layer, g);
            for (int i = 0; i < group.table.size(); i++) {
                int page = group.table.page(i);
                if ((page + 1) * options.pageSize() <= keys.get(layer).size()) {
                    filled.putIfAbsent(new PageId(layer, g, page), frameBytes(group.table.frame(page)));
                }
            }
        }
    }

    private byte[] frameBytes(int frame) {
        return ((KvDevice) cache.device()).frame(frame).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The oracles that must hold after every step. */
    void checkTables() {
        var frames = new BitSet();
        int pages = (sequence.length() + options.pageSize() - 1) / options.pageSize();
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int g = 0; g < plan.groups(); g++) {
                var group = sequence.group(layer, g);
                var where = "layer %d group %d of %d pages".formatted(layer, g, pages);
                assertThat(group.pages).as(where).isEqualTo(pages);
                boolean held = layer >= plan.denseLayers() && plan.evictsIn(maxTokens);
                int most = held ? Math.min(pages, group.limits().budget()) : pages;
                if (plan.sharesFrames()) { // a group that may hold more again waits until a query wants pages
                    assertThat(group.table.size()).as(where).isLessThanOrEqualTo(most);
                } else {
                    assertThat(group.table.size()).as(where).isEqualTo(most);
                }
                checkTable(group, frames, where);
                for (int page = 0; page < pages; page++) {
                    checkState(group, page);
                    if (isProtected(group, page) && plan.policy().scores() || page == pages - 1
                            || page < group.limits().sinks()) {
                        assertThat(group.table.contains(page)).as("%s: page %d stays", where, page).isTrue();
                    }
                    if (!group.table.contains(page) && plan.policy().recalls()) {
                        assertThat(group.backups.isComplete(page)).as("%s: page %d has a backup", where, page)
                                .isTrue();
                    }
                    checkBackup(group, layer, g, page);
                }
                if (group.isJudged()) {
                    assertThat(group.digests.digests()).as(where).isEqualTo(pages - 1);
                    checkWinners(group, where);
                    for (int i = 0; i < group.digests.frameCount(); i++) {
                        claim(frames, group.digests.frames()[i], where);
                    }
                }
            }
        }
        if (ownsCache) {
            assertThat(cache.pool().used()).isEqualTo(frames.cardinality());
        }
    }

    /** Between steps no copy to a frame is under way, and no page leaves. */
    private void checkState(GroupPages group, int page) {
        var state = sequence.state(group.layer(), group.group(), page);
        if (ownsCache) { // else there are no events
            states.note(group.layer(), group.group(), page, state);
        }
        boolean isBackedUp = group.isBackedUp() && group.backups.isComplete(page);
        boolean isFilling = page == group.pages - 1 && sequence.length() % options.pageSize() != 0;
        PageState expected;
        if (group.table.contains(page)) {
            expected = isFilling
                    ? PageState.FILLING
                    : !isBackedUp
                            ? PageState.FULL
                            : isProtected(group, page) ? PageState.BACKED_UP : PageState.RESIDENT;
        } else {
            expected = PageState.ABSENT;
            assertThat(isBackedUp).isEqualTo(plan.policy().recalls());
        }
        assertThat(state).as("page %d of layer %d", page, group.layer()).isEqualTo(expected);
        assertThat(state.hasFrame()).isEqualTo(group.table.contains(page));
    }

    private void checkTable(GroupPages group, BitSet frames, String where) {
        for (int i = 0; i < group.table.size(); i++) {
            int page = group.table.page(i);
            int frame = group.table.frame(page);
            assertThat(i == 0 || group.table.page(i - 1) < page).as(where).isTrue();
            claim(frames, frame, where);
            var original = filled.get(new PageId(group.layer(), group.group(), page));
            if (original != null) {
                assertThat(frameBytes(frame)).as("%s: bytes of page %d", where, page).isEqualTo(original);
            }
        }
    }

    private void claim(BitSet frames, int frame, String where) {
        assertThat(frames.get(frame)).as("%s: frame %d belongs to another page too", where, frame).isFalse();
        frames.set(frame);
    }

    private void checkBackup(GroupPages group, int layer, int g, int page) {
        if (group.isBackedUp() && group.backups.isComplete(page)) {
            int slot = group.backups.slot(page);
            if (!cache.host().pin(slot)) {
                cache.host().awaitRead(slot);
            }
            byte[] backup = cache.host()
                    .memory(slot)
                    .asSlice(cache.host().offset(slot), plan.geometry().frameBytes())
                    .toArray(ValueLayout.JAVA_BYTE);
            cache.host().unpin(slot);
            // a page that left within a text is seen here first
            assertThat(backup).isEqualTo(filled.computeIfAbsent(new PageId(layer, g, page), id -> backup));
        }
    }

    private void checkWinners(GroupPages group, String where) {
        if (group.winnerCount == 0) {
            return;
        }
        int from = group.limits().sinks();
        int to = group.pages - group.limits().window();
        var best = IntStream.range(from, to)
                .boxed()
                .sorted((a, b) -> Float.compare(group.importance[b], group.importance[a]))
                .limit(group.limits().selected())
                .sorted()
                .toList();
        assertThat(Arrays.stream(group.winners, 0, group.winnerCount).boxed().toList()).as(where)
                .isEqualTo(best);
        assertThat(best).as(where).allMatch(group.table::contains);
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
        if (ownsCache) {
            assertThat(cache.pool().used()).isZero();
            assertThat(cache.host().used()).isZero();
            cache.close();
        }
    }
}
