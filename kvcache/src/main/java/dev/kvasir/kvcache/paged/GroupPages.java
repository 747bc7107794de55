package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kvcache.device.FrameDevice;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.page.Backups;
import dev.kvasir.kvcache.page.DigestStore;
import dev.kvasir.kvcache.page.PageTable;
import dev.kvasir.kvcache.page.Residents;
import dev.kvasir.kvcache.plan.KvMemoryException;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.PageView;
import dev.kvasir.kvcache.state.StateException;
import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.stream.IntStream;

/** The pages of one layer, sequence and selection group: frames, backups, digests, importances and winners. */
public final class GroupPages implements PageView {
    private final int layer;
    private final int group;
    private PageLimits limits;
    private final FrameDevice device;
    private final int[] selected;
    private final long[] lastWon; // [pages] step

    final PageTable table;
    final Backups backups; // room for none where nothing is backed up
    final DigestStore digests; // room for none where nothing is judged
    final float[] importance; // of pages 0..judged-1
    final int[] winners;
    final int[] prefetched; // pages whose early recall began in this step, ascending
    int prefetchedCount;
    int judged;
    boolean chooses; // in the step under way
    int winnerCount;
    int pages; // opened
    int full; // pages 0..full-1 have all their tokens
    int firstNewDigest;
    private int offeredFrom; // the range of a selection that a device has made already
    private int offeredTo;
    private int offeredCount = -1; // -1: nothing
    private int offeredK;
    long step;

    GroupPages(int layer, int group, PageLimits limits, FrameDevice device, DigestKind digest, int maxPages,
            boolean scores, boolean backsUp) {
        this.layer = layer;
        this.group = group;
        this.limits = limits;
        this.device = device;
        table = new PageTable(maxPages);
        backups = new Backups(backsUp ? maxPages : 0);
        digests = new DigestStore(scores ? maxPages - 1 : 0, device.geometry().pageSize(),
                digest.frames(device.geometry()));
        importance = new float[scores ? maxPages : 0];
        int choices = scores ? maxPages : 0; // a policy that evicts nothing may select more than the budget
        winners = new int[choices];
        prefetched = new int[backsUp ? choices : 0];
        selected = new int[choices];
        lastWon = new long[choices];
    }

    /** From now on the group may hold this much. */
    void limit(PageLimits now) {
        limits = now;
    }

    /** Residents that the group may still gain. */
    int room() {
        return limits.budget() - table.size();
    }

    /** The token of a step has a place: the step selects pages if not all can be attended. */
    void opened() {
        chooses = isJudged() && (pages > limits.budget() || table.size() < pages);
        if (!chooses) {
            winnerCount = 0;
        }
    }

    /** The frame of a page, below 0 if it has none. */
    public int frame(int page) {
        return table.frame(page);
    }

    /** The first page that must be digested now; the others are those up to {@link #digests}. */
    public int firstNewDigest() {
        return firstNewDigest;
    }

    /** Pages that have a place for their digest: {@code 0..digests-1}. */
    public int digests() {
        return digests.digests();
    }

    /** Frames {@code [digests / pageSize][frames each]}: page {@code i} is in lane {@code i % pageSize} of the {@code i / pageSize}-th. */
    public int[] digestFrames() {
        return digests.frames();
    }

    /** Receives the importance of pages {@code 0..digests-1}. */
    public float[] importances() {
        return importance;
    }

    /** Whether pages are digested. */
    public boolean isJudged() {
        return importance.length > 0;
    }

    /**
     * The array that receives the selection of a device in this step: the {@code count} pages of highest importance of
     * {@code from..to-1}, ascending. {@link #top} returns them if the policy requests this range.
     */
    public int[] offer(int from, int to, int k, int count) {
        offeredFrom = from;
        offeredTo = to;
        offeredK = k;
        offeredCount = count;
        return selected;
    }

    void withdrawOffer() {
        offeredCount = -1;
    }

    /** The winners of this step are known, and not only guessed. */
    void chosen() {
        for (int i = 0; i < winnerCount; i++) {
            lastWon[winners[i]] = step;
        }
    }

    /** Digests, on a device, the pages that have a new place for their digest. */
    void digest(KvDevice on, DigestKind kind) {
        for (int page = firstNewDigest; page < digests.digests(); page++) {
            on.digest(kind, table.frame(page), digests.frames(), page);
        }
    }

    /** Whether a page is a sink or in the window, and so stays. */
    boolean isProtected(int page) {
        return page < limits.sinks() || page >= pages - limits.window();
    }

    boolean isBackedUp() {
        return backups.maxPages() > 0;
    }

    /** Whether a full page has a backup, or will have one soon. */
    boolean canReturn(int page) {
        return isBackedUp() && (backups.isComplete(page) || backups.isUnderWay(page));
    }

    /** Holds the pages of another group: full ones in the same frames and backups, the one being filled as a copy. */
    void copy(GroupPages of, PageMover mover, KvDevice on) {
        pages = of.pages;
        full = of.full;
        step = of.step;
        judged = of.judged;
        winnerCount = of.winnerCount;
        System.arraycopy(of.importance, 0, importance, 0, importance.length);
        System.arraycopy(of.winners, 0, winners, 0, winnerCount);
        System.arraycopy(of.lastWon, 0, lastWon, 0, lastWon.length);
        for (int i = 0; i < of.table.size(); i++) {
            int page = of.table.page(i);
            int frame = of.table.frame(page);
            if (page < full) {
                mover.adoptFrame(this, page, frame);
            } else {
                table.put(page, mover.takeFrame());
                on.frame(table.frame(page)).copyFrom(on.frame(frame));
            }
        }
        while (digests.digests() < of.digests.digests()) {
            digests.add(mover.frames);
        }
        for (int i = 0; i < digests.frameCount(); i++) {
            on.frame(digests.frames()[i]).copyFrom(on.frame(of.digests.frames()[i]));
        }
        for (int page = 0; page < of.backups.maxPages(); page++) {
            if (of.backups.isComplete(page)) {
                mover.adopt(this, page, of.backups.slot(page));
            }
        }
    }

    /** Writes which pages are in frames and which have backups, and everything that a policy sees. */
    void save(StateWriter state) {
        state.writeInt(pages);
        state.writeInt(full);
        state.writeLong(step);
        state.writeInts(IntStream.range(0, table.size()).map(table::page).toArray(), table.size());
        int[] backedUp = IntStream.range(0, backups.maxPages()).filter(backups::isComplete).toArray();
        state.writeInts(backedUp, backedUp.length);
        state.writeInt(digests.digests());
        state.writeInt(judged);
        state.writeFloats(importance, digests.digests());
        state.writeInts(winners, winnerCount);
        state.writeLongs(lastWon, Math.min(lastWon.length, pages));
    }

    /**
     * Takes frames and backups for the pages of a saved group; their contents are still missing.
     *
     * @param expected pages of the sequence
     * @param most pages that may be in frames
     * @throws KvMemoryException if more were in frames
     */
    void restore(StateReader state, int expected, int most, PageMover mover) {
        pages = state.readInt(expected, expected);
        full = state.readInt(0, pages);
        step = state.readLong();
        int[] residents = state.readInts();
        if (residents.length > most) {
            throw new KvMemoryException(
                    "the saved sequence has %d pages of layer %d in frames, and beside the other sequences there is room for %d: close others, or raise CacheOptions.deviceMemory"
                            .formatted(residents.length, layer, most));
        }
        int next = 0;
        for (int page : residents) {
            checkPage(page, next);
            table.put(page, mover.takeFrame());
            next = page + 1;
        }
        next = 0;
        for (int page : state.readInts()) {
            checkPage(page, next);
            mover.takeBackup(this, page);
            next = page + 1;
        }
        for (int left = state.readInt(0, isJudged() ? pages : 0); left > 0; left--) {
            digests.add(mover.frames);
        }
        judged = state.readInt(0, digests.digests());
        state.readFloats(importance);
        winnerCount = state.readInts(winners);
        state.readLongs(lastWon);
    }

    private void checkPage(int page, int least) {
        if (page < least || page >= pages) {
            throw new StateException("layer %d lists page %d of %d out of order".formatted(layer, page, pages));
        }
    }

    @Override
    public PageLimits limits() {
        return limits;
    }

    @Override
    public int pages() {
        return pages;
    }

    @Override
    public Residents residents() {
        return table;
    }

    @Override
    public float importance(int page) {
        return page < judged ? importance[page] : Float.NaN;
    }

    @Override
    public int winners() {
        return winnerCount;
    }

    @Override
    public int winner(int i) {
        return winners[i];
    }

    @Override
    public long lastWon(int page) {
        return page < lastWon.length ? lastWon[page] : 0;
    }

    @Override
    public int top(int from, int to, int k, int[] receiver, int at) {
        boolean offered = from == offeredFrom && to == offeredTo && k == offeredK && offeredCount >= 0;
        int count = offered ? offeredCount : device.select(importance, from, to, k, selected);
        System.arraycopy(selected, 0, receiver, at, count);
        return count;
    }

    @Override
    public int layer() {
        return layer;
    }

    @Override
    public int group() {
        return group;
    }

    @Override
    public long step() {
        return step;
    }
}
