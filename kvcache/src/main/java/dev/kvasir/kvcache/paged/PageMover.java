package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.FramePool;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.page.PageState;
import dev.kvasir.kvcache.page.StoreException;
import dev.kvasir.kvcache.policy.LowestResidents;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import dev.kvasir.kvcache.transfer.PageTransfers;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves the pages of one sequence into frames, to the host, out of frames and back, and reports each move to the
 * listener. Keeps the order that makes copies correct: see {@link PageTransfers}.
 */
final class PageMover {
    private final FramePool pool;
    private final HostStore host;
    private final PageTransfers transfers;
    private final CacheEvents events;
    private final int sequence;
    private final long pageBytes;
    private final IntSupplier hostSlot;

    /** {@link #takeFrame}, made once: a method reference allocates. */
    final IntSupplier frames = this::takeFrame;
    private final IntConsumer freed = this::freeFrame;

    private final PageQueue backupsUnderWay = new PageQueue();
    private final PageQueue leaving = new PageQueue(); // evicted, holding a frame until the backup is complete
    private final Recalls late;
    private final Recalls early;
    private final Recalls[] streams; // two parts of a text's past

    private long grantedFrames;
    private long heldFrames;
    private long step;
    private @Nullable CopyFailedException failure;

    PageMover(FramePool pool, HostStore host, PageTransfers transfers, CacheEvents events, int sequence,
            long pageBytes, IntSupplier hostSlot) {
        this.hostSlot = hostSlot;
        this.pool = pool;
        this.host = host;
        this.transfers = transfers;
        this.events = events;
        this.sequence = sequence;
        this.pageBytes = pageBytes;
        late = new Recalls(host, transfers);
        early = new Recalls(host, transfers);
        streams = new Recalls[]{new Recalls(host, transfers), new Recalls(host, transfers)};
    }

    /**
     * The state of a page.
     *
     * @throws IndexOutOfBoundsException if the page has not been opened
     */
    PageState state(GroupPages group, int page) {
        Objects.checkIndex(page, group.pages);
        if (!group.table.contains(page)) {
            return group.table.isLeaving(page) ? PageState.LEAVING : PageState.ABSENT;
        }
        if (page >= group.full) {
            return PageState.FILLING;
        }
        if (late.contains(group, page) || streams[0].contains(group, page) || streams[1].contains(group, page)) {
            return PageState.COMING_LATE;
        }
        if (early.contains(group, page)) {
            return PageState.COMING_EARLY;
        }
        if (!group.isBackedUp() || !group.backups.isComplete(page)) {
            return PageState.FULL;
        }
        return group.isProtected(page) ? PageState.BACKED_UP : PageState.RESIDENT;
    }

    /** The number of frames that the sequence may hold from now on. */
    void grant(long frames) {
        grantedFrames = frames;
    }

    void atStep(long now) {
        step = now;
    }

    /** @throws CopyFailedException if a copy of this sequence has failed */
    void checkUnharmed() {
        if (failure != null) {
            throw new CopyFailedException(
                    "this sequence can go no further, close it: %s".formatted(failure.getMessage()), failure);
        }
    }

    /** A frame within the grant; waits for a leaving page if all are held. */
    int takeFrame() {
        while ((heldFrames >= grantedFrames || pool.used() == pool.frames()) && !leaving.isEmpty()) {
            releaseOneLeaving();
        }
        if (heldFrames >= grantedFrames) {
            throw new IllegalStateException("the sequence holds all of its %d frames".formatted(grantedFrames));
        }
        int frame = pool.take();
        heldFrames++;
        return frame;
    }

    private void freeFrame(int frame) {
        pool.free(frame);
        heldFrames--;
    }

    /** The last token of a page has been written: starts its backup. */
    void filled(GroupPages group, int page) {
        group.full = page + 1;
        tell(Kind.FILLED, group, page, Float.NaN, pageBytes);
        if (group.isBackedUp()) {
            int slot = takeHostSlot();
            long ticket = transfers.backup(group.table.frame(page), slot);
            group.backups.begin(page, slot, ticket);
            backupsUnderWay.add(group, page);
        }
    }

    private int takeHostSlot() {
        try {
            if (host.isTight()) {
                awaitEverything();
            }
            return hostSlot.getAsInt();
        } catch (StoreException e) {
            throw failed(e);
        }
    }

    private CopyFailedException failed(StoreException e) {
        failure = new CopyFailedException(String.valueOf(e.getMessage()), e);
        return failure;
    }

    /** Takes note of the backups that have completed. */
    void noteBackups() {
        while (!backupsUnderWay.isEmpty()) {
            var group = backupsUnderWay.group();
            int page = backupsUnderWay.page();
            if (group.backups.isUnderWay(page)) {
                if (!transfers.done(group.backups.ticket(page))) {
                    return;
                }
                endBackup(group, page);
            }
            backupsUnderWay.remove();
        }
    }

    /** Waits for all backups under way. A failure is thrown by the next {@link #checkUnharmed}. */
    void awaitBackups() {
        while (!backupsUnderWay.isEmpty()) {
            if (backupsUnderWay.group().backups.isUnderWay(backupsUnderWay.page())) {
                endBackup(backupsUnderWay.group(), backupsUnderWay.page());
            }
            backupsUnderWay.remove();
        }
    }

    private void endBackup(GroupPages group, int page) {
        try {
            transfers.await(group.backups.ticket(page));
            host.unpin(group.backups.slot(page));
            group.backups.complete(page);
            tell(Kind.BACKED_UP, group, page, Float.NaN, host.slotBytes());
        } catch (CopyFailedException e) {
            group.backups.forget(page);
            host.unpin(group.backups.slot(page));
            host.free(group.backups.slot(page));
            failure = e;
        }
    }

    private void awaitBackup(GroupPages group, int page) {
        if (group.backups.isUnderWay(page)) {
            endBackup(group, page);
        }
        if (!group.backups.isComplete(page)) {
            checkUnharmed();
            throw new IllegalStateException("page %d was never backed up".formatted(page));
        }
    }

    /** The memory of a complete backup. */
    MemorySegment backup(GroupPages group, int page) {
        int slot = group.backups.slot(page);
        return host.memory(slot).asSlice(host.offset(slot), pageBytes);
    }

    /** Takes room for the backup of a page that is being restored: {@link #backup} is to be filled. */
    void takeBackup(GroupPages group, int page) {
        group.backups.begin(page, hostSlot.getAsInt(), 0);
        group.backups.complete(page);
    }

    /**
     * Takes a page out of its frame, once its backup is complete; returns a frame for another page of the same sequence.
     */
    int evict(GroupPages group, int page) {
        if (group.isBackedUp()) {
            awaitBackup(group, page);
        }
        int frame = group.table.remove(page);
        if (pool.isShared(frame)) {
            pool.free(frame);
            frame = pool.take();
        }
        tell(Kind.EVICTED, group, page, group.importance(page), pageBytes);
        return frame;
    }

    /** Gives back the backups of the pages without a frame, which the policy never wants again. */
    void forgetAbsent(GroupPages group) {
        for (int page = 0; page < group.full && group.isBackedUp(); page++) {
            if (!group.table.contains(page) && !group.table.isLeaving(page) && group.backups.isComplete(page)) {
                host.free(group.backups.slot(page));
                group.backups.forget(page);
            }
        }
    }

    /** Gives a page the backup that another holder has made. */
    void adopt(GroupPages group, int page, int slot) {
        host.share(slot);
        group.backups.begin(page, slot, 0);
        group.backups.complete(page);
    }

    /** Holds a frame of another sequence, whose page is full, for a page of this one. */
    void adoptFrame(GroupPages group, int page, int frame) {
        pool.share(frame);
        heldFrames++;
        group.table.put(page, frame);
    }

    /** Takes a page out of its frame; the frame is free once the backup is complete. */
    void evictLater(GroupPages group, int page) {
        if (group.isBackedUp() && !group.backups.isComplete(page)) {
            group.table.leave(page);
            leaving.add(group, page);
        } else {
            freeFrame(group.table.remove(page));
        }
        tell(Kind.EVICTED, group, page, group.importance(page), pageBytes);
    }

    /** Takes the least important pages out of their frames, until a group holds no more than it may. */
    void shrink(GroupPages group) {
        int count = -group.room();
        if (count <= 0) {
            return;
        }
        awaitEarly();
        group.winnerCount = 0; // of a step that is over
        int[] victims = new int[count];
        LowestResidents.of(group,
                (view, page) -> Float.isNaN(view.importance(page)) ? Double.NEGATIVE_INFINITY : view.importance(page),
                count, victims);
        for (int page : victims) {
            freeFrame(evict(group, page));
        }
    }

    /** Waits until the frames of all evicted pages are free. */
    void releaseLeaving() {
        while (!leaving.isEmpty()) {
            releaseOneLeaving();
        }
    }

    private void releaseOneLeaving() {
        awaitBackup(leaving.group(), leaving.page());
        removeLeaving();
    }

    private void removeLeaving() {
        freeFrame(leaving.group().table.release(leaving.page()));
        leaving.remove();
    }

    /** Starts the copy of a backup into a frame of this sequence, for the query of the page's own layer. */
    void recall(GroupPages group, int page, int frame) {
        start(late, group, page, frame);
        tell(Kind.RECALLED, group, page, group.importance(page), host.slotBytes());
    }

    /** Starts the copy of a backup into a frame of this sequence, for the query of the layer before. */
    void recallEarly(GroupPages group, int page, int frame) {
        start(early, group, page, frame);
        tell(Kind.PREFETCHED, group, page, group.importance(page), host.slotBytes());
    }

    /** Starts the copy of a backup into a frame of this sequence, for a part of a text's past. */
    void stream(int part, GroupPages group, int page, int frame) {
        start(streams[part], group, page, frame);
        tell(Kind.RECALLED, group, page, group.importance(page), host.slotBytes());
    }

    /**
     * Waits for the copies of a part; {@link #endStream} gives its frames back.
     *
     * @throws CopyFailedException if one failed
     */
    void awaitStream(int part) {
        awaitAll(streams[part]);
    }

    /** The pages that came for a part leave their frames. */
    void endStream(int part) {
        var recalls = streams[part];
        for (int i = 0; i < recalls.count(); i++) {
            freeFrame(evict(recalls.group(i), recalls.page(i)));
        }
        recalls.clear();
    }

    private void start(Recalls recalls, GroupPages group, int page, int frame) {
        awaitBackupOrFree(group, page, frame);
        while (group.table.isLeaving(page)) {
            releaseOneLeaving();
        }
        try {
            if (host.isTight()) {
                awaitEverything();
            }
            recalls.start(group, page, frame);
        } catch (StoreException e) {
            freeFrame(frame);
            throw failed(e);
        } catch (CopyFailedException e) {
            freeFrame(frame);
            throw e;
        }
        group.table.put(page, frame);
    }

    /** Ends all copies under way, so that their backups may leave host memory. */
    private void awaitEverything() {
        awaitBackups();
        awaitAll(late);
        awaitAll(early);
        awaitAll(streams[0]);
        awaitAll(streams[1]);
    }

    private void awaitBackupOrFree(GroupPages group, int page, int frame) {
        try {
            awaitBackup(group, page);
        } catch (RuntimeException e) {
            freeFrame(frame);
            throw e;
        }
    }

    /**
     * Waits for the recalls under way. A page whose recall failed has no frame, as before; its backup is unharmed.
     *
     * @throws CopyFailedException if one failed
     */
    void awaitRecalls() {
        await(late);
    }

    /** As {@link #awaitRecalls}, for the early recalls. */
    void awaitEarly() {
        await(early);
    }

    private void await(Recalls recalls) {
        try {
            awaitAll(recalls);
        } finally {
            recalls.clear();
        }
    }

    private void awaitAll(Recalls recalls) {
        var failed = recalls.await(freed);
        failure = failed == null ? failure : failed;
        checkUnharmed();
    }

    private void awaitQuietly(Recalls recalls) {
        try {
            await(recalls);
        } catch (CopyFailedException e) {
            failure = e; // the sequence ends: no caller needs the failure
        }
    }

    void tell(Kind kind, GroupPages group, int page, float importance, long bytes) {
        events.page(kind, state(group, page), step, group.layer(), sequence, group.group(), page, importance, bytes);
    }

    /** Waits for every copy under way and gives back every frame and host slot. */
    void close(GroupPages[][] all) {
        awaitQuietly(late);
        awaitQuietly(early);
        awaitQuietly(streams[0]);
        awaitQuietly(streams[1]);
        awaitBackups();
        while (!leaving.isEmpty()) {
            removeLeaving();
        }
        for (var layer : all) {
            for (var group : layer) {
                while (group.table.size() > 0) {
                    freeFrame(group.table.remove(group.table.page(group.table.size() - 1)));
                }
                for (int i = 0; i < group.digests.frameCount(); i++) {
                    freeFrame(group.digests.frames()[i]);
                }
                for (int page = 0; page < group.backups.maxPages(); page++) {
                    if (group.backups.isComplete(page)) {
                        host.free(group.backups.slot(page));
                    }
                }
            }
        }
    }
}
