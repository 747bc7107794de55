package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kvcache.device.FrameDevice;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.event.CacheCounters;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.page.FramePool;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.page.SlotFile;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.CacheUnit;
import dev.kvasir.kvcache.plan.FrameAdmission;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KvCache} of pages kept by a page policy: one pool of frames on a device, one store of backups on the host, and
 * transfers between them, for all sequences.
 *
 * <p>Memory is promised when a sequence opens, so that none runs out of it later: the memory that it holds once its prompt
 * has been read, and room to read one text at a time (one layer of it is over budget until it ends). One thread uses the
 * cache; only the transfers have threads of their own.
 */
public final class PagedCache implements KvCache {
    private final CachePlan plan;
    private final FrameDevice device;
    private final Function<OpenSequence, KvSequence> sequences;
    private final FramePool pool;
    private final HostStore host;
    private final PageTransfers transfers;
    private final CacheCounters counters;
    private final CacheEvents events;
    private final FrameAdmission<OpenSequence> open;
    private final FrameShares shares;
    private final PrefixTree prefixes;
    private int opened;

    private PagedCache(CachePlan plan, FrameDevice device, Function<OpenSequence, KvSequence> sequences,
            CacheEvents listener, @Nullable SlotFile file) {
        this.plan = plan;
        this.device = device;
        this.sequences = sequences;
        long pageBytes = plan.geometry().frameBytes();
        pool = new FramePool(plan.frames());
        open = new FrameAdmission<>(plan.frames(), pageBytes);
        shares = new FrameShares(plan);
        host = new HostStore(plan.backups().slots(), plan.backups().cells(), plan.backups().slotBytes(), file);
        prefixes = new PrefixTree(host, plan.options().pageSize(), plan.backups().prefixSlots());
        transfers = device.transfers(host, plan.options().backupType());
        counters = new CacheCounters(plan.shape().layers());
        events = listener.equals(CacheEvents.NONE) ? counters : counters.and(listener);
    }

    /** A cache on a device whose operations the host calls one by one; {@link CachePlan#of} has the errors. */
    public static PagedCache create(CachePlan plan, KvDeviceFactory devices, CacheEvents events) {
        return create(plan, devices, events, file(plan));
    }

    /** As the other, with this file for the backups that host memory has no room for. */
    static PagedCache create(CachePlan plan, KvDeviceFactory devices, CacheEvents events, @Nullable SlotFile file) {
        var device = devices.create(plan.geometry(), plan.frames());
        return new PagedCache(plan, device, sequence -> new PagedSequence(sequence, device), events, file);
    }

    private static @Nullable SlotFile file(CachePlan plan) {
        return plan.backups().usesDisk()
                ? plan.options().disk().orElseThrow().open(plan.backups().slots(), plan.backups().slotBytes())
                : null;
    }

    /** A cache on a device that runs graphs, and that lays out its arrays by the plan. */
    public static PagedCache createOnGraphs(CachePlan plan, Function<CachePlan, ? extends GraphDevice> devices,
            CacheEvents events) {
        checkOnGraphs(plan.options());
        var device = devices.apply(plan);
        return new PagedCache(plan, device, sequence -> new GraphSequence(sequence, device), events, file(plan));
    }

    private static void checkOnGraphs(CacheOptions options) {
        if (options.extend() == Extend.SELECT) {
            throw new IllegalArgumentException(
                    "a text cannot select pages in graphs, which know all pages before they run: set CacheOptions.extend to exact or token, or EngineOptions.kind to vector");
        }
        if (options.prefillBudget() > 0) {
            throw new IllegalArgumentException(
                    "a prefill budget of %d tokens brings pages back while a text is read, which graphs cannot: leave CacheOptions.prefillBudget at 0, or set EngineOptions.kind to vector"
                            .formatted(options.prefillBudget()));
        }
        if (options.backupType() != BackupType.PAGE) {
            throw new IllegalArgumentException(
                    "graphs copy pages as they are: leave CacheOptions.backupType at page, or set EngineOptions.kind to vector");
        }
        if (options.prefixCache() > 0) {
            throw new IllegalArgumentException(
                    "texts in graphs cannot begin with the pages of others: leave CacheOptions.prefixCache at 0, or set EngineOptions.kind to vector");
        }
    }

    @Override
    public KvSequence open(int maxTokens) {
        open.checkOpen(maxTokens);
        if (maxTokens > device.maxTokens()) {
            throw new IllegalArgumentException(
                    "a sequence of %d tokens does not fit the device arrays of a cache made for %d: raise contextTokens"
                            .formatted(maxTokens, device.maxTokens()));
        }
        var need = plan.need(maxTokens);
        long frameBytes = plan.geometry().frameBytes();
        open.check(need);
        long freeSlots = plan.backups().slotsOfSequences();
        for (var other : open.guests()) {
            freeSlots -= other.need().hostSlots();
        }
        if (need.hostSlots() > freeSlots) {
            throw need.noHostMemory(plan.backups().slotBytes(), freeSlots, plan.backups().slotsOfSequences());
        }
        var pages = new PageMover(pool, host, transfers, events, opened++, plan.geometry().frameBytes(),
                this::takeHostSlot);
        var sequence = new OpenSequence(this, plan, device, pages, need);
        open.add(sequence);
        return sequences.apply(sequence);
    }

    /** Allows a sequence to read a text, if there is room beside the texts being read. */
    void admitText(OpenSequence sequence) {
        open.admitText(sequence);
    }

    /** A free slot; an old prefix gives way if there is none. */
    private int takeHostSlot() {
        if (host.isFull()) {
            prefixes.dropOldest();
        }
        return host.take();
    }

    /** The texts whose pages others may begin with. */
    PrefixTree prefixes() {
        return prefixes;
    }

    /** Makes room for a step or a text of a sequence, if sequences share the frames. */
    void makeRoom(OpenSequence sequence, int pagesThen, boolean reads) {
        if (plan.sharesFrames()) {
            shares.makeRoom(open.guests(), sequence, pagesThen, reads);
        }
    }

    void release(OpenSequence sequence) {
        open.remove(sequence);
        prefixes.trim();
    }

    /** The counters now; waits for the backups under way, so that they are counted. */
    @Override
    public CacheStats stats() {
        for (var sequence : open.guests()) {
            sequence.pages.awaitBackups();
        }
        long late = counters.events(Kind.RECALLED);
        long early = counters.events(Kind.PREFETCHED);
        long frameBytes = plan.geometry().frameBytes();
        return new CacheStats(CacheUnit.PAGE, counters.events(Kind.FILLED), counters.events(Kind.BACKED_UP),
                counters.events(Kind.EVICTED), late + early, early, counters.events(Kind.UNUSED),
                counters.events(Kind.SELECTED) - late, late, counters.bytes(Kind.BACKED_UP),
                counters.bytes(Kind.RECALLED) + counters.bytes(Kind.PREFETCHED), transfers.hiddenNanos(),
                transfers.exposedNanos(), pool.used() * frameBytes, pool.peak() * frameBytes,
                pool.frames() * frameBytes,
                Math.min(host.used(), host.cells()) * host.slotBytes(),
                Math.min(host.peak(), host.cells()) * host.slotBytes(), host.cells() * host.slotBytes(),
                host.bytesWritten(), host.bytesRead());
    }

    /** Where the frames are. */
    public FrameDevice device() {
        return device;
    }

    CachePlan plan() {
        return plan;
    }

    FramePool pool() {
        return pool;
    }

    HostStore host() {
        return host;
    }

    @Override
    public CacheCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        if (open.close()) {
            for (var sequence : open.guests()) {
                sequence.close();
            }
            transfers.close();
            host.close();
            device.close();
        }
    }
}
