package dev.kvasir.kvcache.plan;

import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.page.DigestStore;
import dev.kvasir.kvcache.plan.MemoryNeed.Part;
import dev.kvasir.kvcache.policy.EvictingPolicy;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TotalBudget;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The options applied to the shape of a model, for sequences up to some length: everything that is known of a cache of
 * pages before memory is allocated. A device lays out its arrays by it. The first {@link #denseLayers} layers keep every
 * page; the others are managed: they are held to the budget.
 */
public final class CachePlan {
    /** Tokens of a part of a text's past that comes at once; whole tiles of every attention kernel. */
    private static final int PART_TOKENS = 256;

    private final CacheShape shape;
    private final CacheOptions options;
    private final PagePolicy policy;
    private final int groups;
    private final int denseLayers;
    private final PageGeometry geometry;
    private final int contextTokens;
    private final int sequences;
    private final PageLimits[] limits; // [layers] of the longest sequence
    private final boolean outgrows;
    private final boolean shares;
    private final int frames;
    private final BackupRoom backups;

    private CachePlan(CacheShape shape, CacheOptions options, int contextTokens, int sequences) {
        this.shape = shape;
        this.options = options;
        this.contextTokens = contextTokens;
        this.sequences = sequences;
        groups = options.groups().of(shape.kvHeads());
        denseLayers = options.denseLayers(shape);
        policy = policy(options);
        if (policy.evicts() && options.windowPages() < 2) {
            throw new IllegalArgumentException(
                    "%d window pages: the page being filled and the one before must stay, set CacheOptions.windowPages to 2 or more"
                            .formatted(options.windowPages()));
        }
        geometry = new PageGeometry(options.pageSize(), shape.kvHeads() / groups, shape.headDim(), options.kvType());
        limits = limits(contextTokens);
        outgrows = outgrows(contextTokens);
        shares = shares();
        checkPrefillBudget();
        var need = need(contextTokens);
        frames = shares
                ? framesOf(options.deviceMemory(), need)
                : need.frames(sequences, options.deviceMemory(), geometry.frameBytes());
        backups = BackupRoom.of(options, need, sequences, geometry, groups * shape.layers() + 32);
    }

    /**
     * Plans a cache: as much memory as {@code sequences} sequences need, and no more than the options allow.
     *
     * @param contextTokens tokens of the longest sequence
     * @param sequences how many such sequences at once
     * @throws IllegalArgumentException if the options contradict each other or the shape
     * @throws KvMemoryException if the allowed memory is too small for one sequence of this length
     */
    public static CachePlan of(CacheShape shape, CacheOptions options, int contextTokens, int sequences) {
        FrameAdmission.checkSize(contextTokens, sequences);
        return new CachePlan(shape, options, contextTokens, sequences);
    }

    private static PagePolicy policy(CacheOptions options) {
        return switch (options.policy()) {
            case PagePolicy pages -> pages;
            case TokenPolicy tokens -> throw new IllegalArgumentException(
                    "policy %s keeps single tokens, which a cache of pages cannot: choose a page policy such as arkvale, or an engine that runs both, vector or reference"
                            .formatted(tokens.name()));
        };
    }

    /**
     * The policy, under which pages leave.
     *
     * @throws ClassCastException if it evicts nothing
     */
    public EvictingPolicy evicting() {
        return (EvictingPolicy) policy;
    }

    public CacheShape shape() {
        return shape;
    }

    public CacheOptions options() {
        return options;
    }

    public PagePolicy policy() {
        return policy;
    }

    /** Selection groups of a layer; table {@code t} of a step is group {@code t % groups} of its sequence {@code t / groups}. */
    public int groups() {
        return groups;
    }

    /** The first layers, which keep every page. */
    public int denseLayers() {
        return denseLayers;
    }

    /** The shape of a frame: of one page of one selection group. */
    public PageGeometry geometry() {
        return geometry;
    }

    /** Tokens of the longest sequence. */
    public int contextTokens() {
        return contextTokens;
    }

    /** How many such sequences at once. */
    public int sequences() {
        return sequences;
    }

    /** Frames of the cache. */
    public int frames() {
        return frames;
    }

    /** Room for backups. */
    public BackupRoom backups() {
        return backups;
    }

    /** Whether pages of a layer are backed up, in sequences of up to {@code maxTokens}. */
    public boolean backsUpIn(int maxTokens, int layer) {
        return options.prefixCache() > 0 || layer >= denseLayers && recallsIn(maxTokens);
    }

    /** Query heads that read the KV heads of one selection group. */
    public int queryHeadsPerGroup() {
        return shape.queryHeads() / groups;
    }

    /** Floats from one selection group's keys to the next's. */
    public int groupStride() {
        return geometry.heads() * shape.headDim();
    }

    /**
     * The limits of each layer for a sequence of up to {@code maxTokens}, as the policy divides the budget. Those of dense
     * layers have no effect.
     *
     * @return by layer
     * @throws IllegalArgumentException if the budget, or the part of a layer, is below its floor
     */
    public PageLimits[] limits(int maxTokens) {
        int mean = budget(maxTokens);
        var limits = new PageLimits[shape.layers()];
        Arrays.fill(limits, policy.limits(options.settings(), mean));
        if (!policy.evicts() || mean >= options.pages(maxTokens) || denseLayers == limits.length) {
            return limits;
        }
        var total = new TotalBudget(denseLayers, limits.length - denseLayers, shape.kvHeads(),
                mean * options.pageSize(), options.pageSize(), maxTokens);
        int[] budgets = LayerBudgets.of(policy, total);
        for (int i = 0; i < budgets.length; i++) {
            int layer = denseLayers + i;
            int pages = Math.min(budgets[i] / options.pageSize(), options.pages(maxTokens));
            var floor = policy.floor(options.settings());
            if (pages < floor.pages()) {
                throw new IllegalArgumentException(
                        "policy %s gives layer %d %d pages of %d; it needs at least %d (%s): raise CacheOptions.budget"
                                .formatted(
                                        policy.name(), layer, pages, options.pageSize(), floor.pages(),
                                        floor.because()));
            }
            limits[layer] = policy.limits(options.settings(), pages);
        }
        return limits;
    }

    /** The mean budget of the layers in pages. */
    private int budget(int maxTokens) {
        int budget = options.budget().pages(options.pageSize(), maxTokens);
        var floor = policy.floor(options.settings());
        if ((policy.evicts() || policy.scores()) && budget < floor.pages()) {
            throw new IllegalArgumentException(belowFloor(maxTokens, budget, floor.pages(), floor.because()));
        }
        return budget;
    }

    private String belowFloor(int maxTokens, int budget, int floor, String because) {
        int pageSize = options.pageSize();
        var what = switch (options.budget()) {
            case Budget.Tokens t -> t.tokens() + " tokens";
            case Budget.Pages p -> p.toString();
            case Budget.Share s -> s + " of " + maxTokens + " tokens";
            case Budget.Auto a -> a.toString();
            case Budget.Unlimited u -> u.toString();
        };
        var raised = switch (options.budget()) {
            case Budget.Pages p -> floor + "p";
            default -> Long.toString((long) floor * pageSize);
        };
        int fitting = pageSize;
        while (fitting > 4 && options.budget().pages(fitting, maxTokens) < floor) {
            fitting /= 2;
        }
        boolean fits = options.budget().pages(fitting, maxTokens) >= floor;
        return "budget %s holds %d pages of %d; this policy needs at least %d (%s): raise CacheOptions.budget to %s%s"
                .formatted(what, budget, pageSize, floor, because, raised,
                        fits ? " or lower CacheOptions.pageSize to " + fitting : "");
    }

    private void checkPrefillBudget() {
        if (options.prefillBudget() == 0) {
            return;
        }
        if (!policy.recalls()) {
            throw new IllegalArgumentException(
                    "policy %s recalls no pages, so none may leave while a text is read: leave CacheOptions.prefillBudget at 0, or choose a policy such as arkvale"
                            .formatted(policy.name()));
        }
        for (int layer = denseLayers; layer < limits.length && recalls(); layer++) {
            var kept = shares ? limitsOf(promisedPages(contextTokens)) : limits[layer];
            int least = leastReading(kept);
            if (mostReading(kept) < Math.min(least, maxPages())) {
                throw new IllegalArgumentException(
                        "a prefill budget of %d tokens is too small for layer %d: it keeps %d tokens, and while it reads it needs %d (two parts of %d that come back, one to read and a page): set CacheOptions.prefillBudget to %d or more"
                                .formatted(options.prefillBudget(), layer, kept.budget() * options.pageSize(),
                                        least * options.pageSize(), PART_TOKENS, least * options.pageSize()));
            }
        }
    }

    /** Pages that a group needs in frames while it reads a text and may not hold all. */
    private int leastReading(PageLimits of) {
        return of.budget() + streamPages(of) + PART_TOKENS / options.pageSize() + 1;
    }

    /**
     * The largest budget up to {@code pages} with which a group can read a text of so many pages within the prefill
     * budget.
     */
    public int budgetWhileReading(int pages, int ofText) {
        int budget = pages;
        while (ofText > options.prefillBudget() / options.pageSize() && options.prefillBudget() > 0
                && leastReading(limitsOf(budget)) > options.prefillBudget() / options.pageSize()) {
            budget--;
        }
        return budget;
    }

    /** Tokens of a part of a text's past that comes back at once. */
    public int partTokens() {
        return PART_TOKENS;
    }

    /** Pages of a group that come back while a chunk of a text is read, if the group may not hold all. */
    public int streamPages(PageLimits of) {
        return Math.max(2 * PART_TOKENS / options.pageSize(), of.selected());
    }

    /** Pages that a group of a managed layer may hold in frames while it reads a text. */
    public int mostReading(PageLimits of) {
        return options.prefillBudget() == 0
                ? Integer.MAX_VALUE
                : Math.max(of.budget(), options.prefillBudget() / options.pageSize());
    }

    /** Whether a text may be read in parts with the same result as at once: what a part evicts comes back for the next. */
    public boolean readsInParts(int maxTokens) {
        return !evictsIn(maxTokens) || recallsIn(maxTokens);
    }

    /** Whether sequences share the frames by need, because not all of them fit the device memory at their longest. */
    private boolean shares() {
        if (!(options.budget() instanceof Budget.Auto)) {
            return false;
        }
        if (!policy.evicts()) {
            throw new IllegalArgumentException(
                    "policy %s evicts nothing, so the budget auto means nothing to it: set CacheOptions.budget to tokens, or choose a policy such as arkvale"
                            .formatted(policy.name()));
        }
        long bytes = options.deviceMemory();
        long all = (long) groups * shape.layers() * options.pages(contextTokens) * sequences;
        return bytes > 0 && bytes / geometry.frameBytes() < all;
    }

    private int framesOf(long bytes, MemoryNeed need) {
        need.frames(1, bytes, geometry.frameBytes()); // refuses memory that is too small for one sequence
        return (int) Math.min(bytes / geometry.frameBytes(), Integer.MAX_VALUE - 8);
    }

    /** Whether sequences share the frames by need: their budgets change while they live. */
    public boolean sharesFrames() {
        return shares;
    }

    /**
     * The limits of every managed layer of a sequence that may now hold {@code pages} pages of a group. The window stays
     * that of the least budget: pages that are gone could not return to a window that grows.
     */
    public PageLimits limitsOf(int pages) {
        var least = policy.limits(options.settings(), policy.floor(options.settings()).pages());
        var limits = policy.limits(options.settings(), pages);
        return new PageLimits(pages, least.sinks(), least.window(), limits.selected());
    }

    /** Pages of a group that a sequence of up to {@code maxTokens} is promised if sequences share the frames. */
    public int promisedPages(int maxTokens) {
        return Math.min(policy.floor(options.settings()).pages(), options.pages(maxTokens));
    }

    /** Whether a sequence of up to {@code maxTokens} can outgrow its budget. */
    private boolean outgrows(int maxTokens) {
        return budget(maxTokens) < options.pages(maxTokens);
    }

    /** Whether pages of the managed layers leave their frames in a sequence of up to {@code maxTokens}. */
    public boolean evictsIn(int maxTokens) {
        return policy.evicts() && (shares || outgrows(maxTokens));
    }

    /** Whether pages of the managed layers are digested and scored in a sequence of up to {@code maxTokens}. */
    public boolean scoresIn(int maxTokens) {
        return policy.scores() && (shares || outgrows(maxTokens));
    }

    /** Whether pages of the managed layers are backed up and come back in a sequence of up to {@code maxTokens}. */
    public boolean recallsIn(int maxTokens) {
        return policy.recalls() && evictsIn(maxTokens);
    }

    /** Whether pages of the managed layers are digested and scored in the longest sequence. */
    public boolean scores() {
        return policy.scores() && (shares || outgrows);
    }

    /** Whether pages of the managed layers are backed up and come back in the longest sequence. */
    public boolean recalls() {
        return policy.recalls() && policy.evicts() && (shares || outgrows);
    }

    /** Whether pages of a layer are digested and scored, once a sequence has outgrown its budget. */
    public boolean scores(int layer) {
        return scores() && layer >= denseLayers;
    }

    /** Whether pages of a layer are backed up and come back. */
    public boolean recalls(int layer) {
        return recalls() && layer >= denseLayers;
    }

    /** Whether the query of a layer guesses the pages of the next: both are scored, and pages come back. */
    public boolean predicts(int layer) {
        return options.prefetch() && scores(layer) && recalls(layer) && layer + 1 < shape.layers();
    }

    /** Pages of the longest sequence. */
    public int maxPages() {
        return options.pages(contextTokens);
    }

    /** Frames that a group of a layer holds at most while decoding. */
    public int maxResident(int layer) {
        boolean evicts = policy.evicts() && outgrows && layer >= denseLayers;
        return evicts ? Math.min(limits[layer].budget(), maxPages()) : maxPages();
    }

    /** Pages that a group can select in a step. */
    public int maxWinners() {
        int selected = Arrays.stream(limits).mapToInt(PageLimits::selected).max().orElse(0);
        return Math.min(selected, maxPages());
    }

    /** Digests that the digest frames of a group have room for. */
    public int maxDigests() {
        return maxSheets() * options.pageSize();
    }

    /** Digest frames of a group. */
    public int maxDigestFrames() {
        return maxSheets() * digestFramesEach();
    }

    /** Sheets of a group: a sheet is the frames of the digests of {@code pageSize} pages. */
    private int maxSheets() {
        return options.pages(Math.max(1, maxPages() - 1));
    }

    /** Frames of a sheet. */
    public int digestFramesEach() {
        return options.digest().frames(geometry);
    }

    /** The memory that a sequence of up to {@code maxTokens} can need. */
    public MemoryNeed need(int maxTokens) {
        long pages = options.pages(maxTokens);
        long managedLayers = (long) shape.layers() - denseLayers;
        long promptFrames = 0;
        long resident = 0;
        PageLimits[] each = limits(maxTokens);
        for (int layer = denseLayers; layer < each.length; layer++) {
            long held = shares
                    ? promisedPages(maxTokens)
                    : evictsIn(maxTokens) ? Math.min(each[layer].budget(), pages) : pages;
            long reading = recallsIn(maxTokens)
                    ? Math.min(pages, mostReading(shares ? limitsOf((int) held) : each[layer]))
                    : pages;
            promptFrames = Math.max(promptFrames, reading - held);
            resident += held;
        }
        long digests = scoresIn(maxTokens)
                ? DigestStore.framesFor((int) pages - 1, options.pageSize(), digestFramesEach())
                : 0;
        return new MemoryNeed(maxTokens,
                List.of(new Part("dense layers", groups * denseLayers * pages),
                        new Part("pages within the budget", groups * resident),
                        new Part("digests", groups * managedLayers * digests)),
                groups * promptFrames,
                groups * pages
                        * IntStream.range(0, shape.layers()).filter(layer -> backsUpIn(maxTokens, layer)).count());
    }
}
