package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.plan.SequenceProgress;
import dev.kvasir.kvcache.plan.StepPhase;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import java.util.Arrays;

/**
 * The decisions of a decode step of one sequence, without arithmetic. In every layer of a step the caller goes through
 * the {@link StepPhase phases}; a call out of turn is refused:
 *
 * <pre>
 * decision           phase      computing by the caller
 * {@link #open}               OPEN       digest the pages that have a new place for a digest
 * {@link #appended}           APPEND     before: append the token
 * {@link #scored}             SCORE      before: score the digests;     if the layer {@link #chooses}
 * {@link #choose}             CHOOSE                                    if the layer chooses
 * {@link #list}               LIST       if the layer predicts: score the digests of the next layer
 * {@link #prefetch}           PREFETCH                                  if the layer {@link #predicts}
 * {@link #attended}           ATTEND     before: attend {@link #residents}
 * {@link #awaitRecalls}       RECALL     attend {@link #recalled}
 * {@link #merged}             MERGE      before: merge
 * </pre>
 *
 * A caller that runs graphs may open several layers before it lists the first of them. A prefetched page is resident when
 * its own layer chooses, whether that layer selects it or not: a wrong guess costs a copy, and takes the frame of a page
 * that was guessed to matter less.
 *
 * <p>The decisions alone determine which pages are attended after the recalls, never the time that a copy takes, so the
 * result does not depend on the speed of copies.
 */
public final class DecodeDecisions {
    private final OpenSequence sequence;
    private final SequenceProgress progress;
    private final PageMover pages;
    private final PagePolicy policy;
    private final int pageSize;
    private final boolean winnersOnly;
    private final FrameList[] residents; // [groups], of the layer listed last
    private final FrameList[] recalled; // [groups]
    private final int[][] misses; // [groups][winners without a frame, ascending]
    private final int[] missCount; // [groups]
    private final int[] victims;
    private int opened; // layers opened in the step under way

    DecodeDecisions(OpenSequence sequence) {
        this.sequence = sequence;
        progress = sequence.progress;
        pages = sequence.pages;
        var plan = sequence.plan;
        policy = plan.policy();
        pageSize = plan.options().pageSize();
        winnersOnly = policy.scores() && (!policy.evicts() || plan.options().attend() == Attend.WINNERS);
        residents = new FrameList[plan.groups()];
        recalled = new FrameList[plan.groups()];
        Arrays.setAll(residents, g -> new FrameList(sequence.maxPages));
        Arrays.setAll(recalled, g -> new FrameList(sequence.maxPages));
        int choices = groups(sequence.layers() - 1)[0].winners.length;
        misses = new int[plan.groups()][choices];
        missCount = new int[plan.groups()];
        victims = new int[choices];
    }

    /** The pages of the selection groups of one layer. */
    public GroupPages[] groups(int layer) {
        return sequence.groups(layer);
    }

    /** Starts a decode step: the sequence grows by one token. */
    public void beginStep() {
        sequence.checkOpen();
        if (progress.length() % pageSize == 0) {
            sequence.makeRoom(progress.length() / pageSize + 1);
        }
        progress.beginStep();
        sequence.holdSteady();
        opened = 0;
        sequence.texts.stepped();
        pages.atStep(progress.step());
        pages.noteBackups();
        pages.checkUnharmed();
    }

    /** The page of the new token. */
    public int page() {
        return (progress.length() - 1) / pageSize;
    }

    /** The place of the new token in its page. */
    public int slot() {
        return (progress.length() - 1) % pageSize;
    }

    /** Whether the query of this layer guesses the pages of the next. */
    public boolean predicts(int layer) {
        return sequence.plan.predicts(layer);
    }

    /** Layers opened in this step: those up to the one being computed, and perhaps the next. */
    int opened() {
        return opened;
    }

    /**
     * Gives the new token a place in a layer. If the last page is full, that page gets a place for its digest and the new
     * page a frame: from the page that leaves, if all frames are used. If the layer predicts, the next layer opens too,
     * so that the guess sees the pages that the layer's own query will see.
     */
    public void open(int layer) {
        sequence.checkOpen();
        if (opened > layer) {
            progress.check(layer, StepPhase.OPEN);
        } else {
            openOne(layer);
        }
        if (predicts(layer)) {
            openOne(layer + 1);
        }
    }

    private void openOne(int layer) {
        progress.enter(layer, StepPhase.OPEN, StepPhase.MERGE);
        for (var group : groups(layer)) {
            group.step = progress.step();
            group.prefetchedCount = 0;
            group.firstNewDigest = group.digests.digests();
            if (slot() == 0) {
                open(group, page());
            }
            group.opened();
        }
        opened++;
    }

    private void open(GroupPages group, int page) {
        group.pages = page + 1;
        if (page > 0 && group.isJudged()) {
            group.digests.add(pages.frames);
        }
        boolean full = policy.evicts() && group.layer() >= sequence.plan.denseLayers()
                && group.table.size() >= group.limits().budget();
        try {
            int frame = full ? pages.evict(group, sequence.plan.evicting().leaving(group)) : pages.takeFrame();
            group.table.put(page, frame);
            if (full && !policy.recalls()) {
                pages.forgetAbsent(group);
            }
        } catch (CopyFailedException e) {
            group.pages = page; // it never opened
            throw e;
        }
    }

    /** The token is in its frames, or the graph about to run stores it: a page that is full now is backed up. */
    public void appended(int layer) {
        progress.enter(layer, StepPhase.APPEND, StepPhase.OPEN);
        if (slot() == pageSize - 1) {
            for (var group : groups(layer)) {
                pages.filled(group, page());
            }
        }
    }

    /** Whether the policy selects pages of an opened layer in this step. */
    public boolean chooses(int layer) {
        for (var group : groups(layer)) {
            if (group.chooses) {
                return true;
            }
        }
        return false;
    }

    /** The digests of the layer have been scored: {@link GroupPages#importances} has the results. */
    public void scored(int layer) {
        progress.enter(layer, StepPhase.SCORE, StepPhase.APPEND);
    }

    /** Selects by the importances of all digested pages, evicts, and begins the recalls of winners without a frame. */
    public void choose(int layer) {
        progress.enter(layer, StepPhase.CHOOSE, StepPhase.SCORE);
        pages.awaitEarly(); // a prefetched page may leave again
        for (var group : groups(layer)) {
            if (group.chooses) {
                choose(group);
            }
        }
    }

    private void choose(GroupPages group) {
        select(group);
        group.chosen();
        for (int i = 0; i < group.winnerCount; i++) {
            pages.tell(Kind.SELECTED, group, group.winners[i], group.importance[group.winners[i]], 0);
        }
        tellUnused(group);
        int[] missing = misses[group.group()];
        int count = miss(group, missing);
        missCount[group.group()] = count;
        int free = freeFor(group, count);
        for (int i = 0; i < count; i++) {
            pages.recall(group, missing[i], i < free ? pages.takeFrame() : pages.evict(group, victims[i - free]));
        }
    }

    /** How many of the recalled pages need no victim. */
    private static int freeFor(GroupPages group, int count) {
        return Math.clamp(group.room(), 0, count);
    }

    /**
     * Does as {@link #choose} in the layer after this one, by importances for the query of this layer: evicts, and begins
     * the recalls of the guessed pages. That layer still chooses by its own query.
     */
    public void prefetch(int layer) {
        progress.enter(layer, StepPhase.PREFETCH, StepPhase.LIST);
        for (var group : groups(layer + 1)) {
            if (group.chooses) {
                prefetch(group);
            }
        }
    }

    private void prefetch(GroupPages group) {
        select(group);
        int count = miss(group, group.prefetched);
        int free = freeFor(group, count);
        for (int i = 0; i < count; i++) {
            pages.recallEarly(group, group.prefetched[i],
                    i < free ? pages.takeFrame() : pages.evict(group, victims[i - free]));
        }
        group.prefetchedCount = count;
    }

    private void select(GroupPages group) {
        group.judged = group.digests.digests();
        group.winnerCount = policy.select(group, group.winners);
        group.withdrawOffer();
    }

    /** Finds the winners without a frame, and as many victims as have to leave for them. */
    private int miss(GroupPages group, int[] missing) {
        int count = 0;
        for (int i = 0; i < group.winnerCount && policy.recalls(); i++) {
            if (!group.table.contains(group.winners[i])) {
                missing[count++] = group.winners[i];
            }
        }
        int leaving = count - freeFor(group, count);
        if (leaving > 0) {
            sequence.plan.evicting().victims(group, leaving, victims);
        }
        return count;
    }

    private void tellUnused(GroupPages group) {
        int winner = 0;
        for (int i = 0; i < group.prefetchedCount; i++) {
            int page = group.prefetched[i];
            while (winner < group.winnerCount && group.winners[winner] < page) {
                winner++;
            }
            if (winner == group.winnerCount || group.winners[winner] != page) {
                pages.tell(Kind.UNUSED, group, page, group.importance[page], 0);
            }
        }
    }

    /** Lists the pages that the groups of a layer attend, as {@link #residents} and {@link #recalled}. */
    public void list(int layer) {
        progress.enter(layer, StepPhase.LIST, chooses(layer) ? StepPhase.CHOOSE : StepPhase.APPEND);
        for (var group : groups(layer)) {
            list(group);
        }
    }

    /**
     * Lists the pages resident before this step's recalls, and the recalled ones. Where winners alone are attended, all
     * of them are in the second list, wherever they were, so that no bit of the result depends on which had a frame.
     */
    private void list(GroupPages group) {
        boolean chose = group.chooses;
        var first = residents[group.group()];
        var second = recalled[group.group()];
        first.clear();
        second.clear();
        boolean winnersAlone = chose && winnersOnly;
        boolean winnersSecond = winnersAlone && policy.recalls();
        int[] deferred = winnersSecond ? group.winners : misses[group.group()];
        int deferredCount = winnersSecond ? group.winnerCount : chose ? missCount[group.group()] : 0;
        int firstOfWindow = group.pages - group.limits().window();
        int inLast = slot() + 1;
        int next = 0;
        int winner = 0;
        for (int i = 0; i < group.table.size(); i++) {
            int page = group.table.page(i);
            int frame = group.table.frame(page);
            if (next < deferredCount && deferred[next] == page) {
                second.add(frame, pageSize);
                next++;
                continue;
            }
            while (winner < group.winnerCount && group.winners[winner] < page) {
                winner++;
            }
            boolean wanted = !winnersAlone || page < group.limits().sinks() || page >= firstOfWindow
                    || (winner < group.winnerCount && group.winners[winner] == page);
            if (wanted) {
                first.add(frame, page == group.pages - 1 ? inLast : pageSize);
            }
        }
    }

    /** The frames that each group of the layer listed last attends first; {@code [groups]}. */
    public FrameList[] residents() {
        return residents;
    }

    /** The frames that each group of the layer listed last attends after {@link #awaitRecalls}; {@code [groups]}. */
    public FrameList[] recalled() {
        return recalled;
    }

    /** Whether any group of the layer listed last has frames to attend after {@link #awaitRecalls}. */
    public boolean hasRecalled() {
        boolean any = false;
        for (var list : recalled) {
            any |= list.size() > 0;
        }
        return any;
    }

    /** The resident pages of a layer have been attended. */
    public void attended(int layer) {
        progress.enter(layer, StepPhase.ATTEND, predicts(layer) ? StepPhase.PREFETCH : StepPhase.LIST);
    }

    /**
     * Waits for the recalls of a layer.
     *
     * @throws CopyFailedException if one has failed
     */
    public void awaitRecalls(int layer) {
        progress.enter(layer, StepPhase.RECALL, StepPhase.ATTEND);
        pages.awaitRecalls();
    }

    /** The partial results of a layer have been merged: the layer is done. */
    public void merged(int layer) {
        progress.enter(layer, StepPhase.MERGE, StepPhase.RECALL);
    }
}
