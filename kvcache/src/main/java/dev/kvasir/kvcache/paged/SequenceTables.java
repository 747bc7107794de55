package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameDevice;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Attend;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.FrameAdmission;
import dev.kvasir.kvcache.plan.MemoryNeed;
import dev.kvasir.kvcache.plan.SequenceProgress;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.transfer.CopyFailedException;
import java.util.Arrays;

/**
 * The decisions of one sequence of a {@link PagedCache}, without the arithmetic: which frame a token goes to, which page
 * is digested, what is judged, who wins, leaves and comes back, and what is attended. Whoever computes asks in this
 * order, in every layer of a decode step:
 *
 * <pre>
 * open     the next page, if the last is full: a place for that one's digest, and a frame for the new page, from the
 *          page that leaves if all are used; in the next layer, too, if this one {@link #predicts}
 *                                              compute: digest, append
 * appended backs up the page if it is full now
 *                                              compute: score, for groups that {@link #chooses}
 * choose   the winners; as many residents leave as winners lack; those are sent for
 * list     what was resident before, and what was recalled
 *                                              compute, if this layer predicts: score the next layer's digests
 * prefetch in the next layer, as choose, with the query of this one
 *                                              compute: attend the residents, await the recalled, attend them, merge
 * </pre>
 *
 * What was prefetched is resident when its own layer chooses, whether its query selects it or not: a wrong guess costs a
 * copy, and takes a frame from a page that was guessed to matter less.
 *
 * Which pages come late is a matter of the tables and not of time, so that the result never depends on how fast copies
 * are.
 */
public final class SequenceTables implements FrameAdmission.Guest {
    private final PagedCache cache;
    private final CachePlan plan;
    private final PagePolicy policy;
    private final int pageSize;
    private final boolean winnersOnly;
    private final GroupPages[][] groups; // [layers][groups]
    final PageMover pages;
    final Prompt prompt;
    final FrameList[] residents; // [groups], of the layer listed last
    final FrameList[] recalled; // [groups]
    private final int[][] misses; // [groups][winners without a frame, ascending]
    private final int[] missCount; // [groups]
    private final int[] victims;

    private final MemoryNeed need;
    private final SequenceProgress progress;
    private int opened; // layers opened in the step under way

    SequenceTables(PagedCache cache, CachePlan plan, FrameDevice device, PageMover pages, MemoryNeed need) {
        this.cache = cache;
        this.plan = plan;
        this.pages = pages;
        this.need = need;
        policy = plan.policy();
        int maxTokens = need.maxTokens();
        progress = new SequenceProgress(maxTokens, plan.shape().layers());
        pageSize = plan.options().pageSize();
        int maxPages = plan.pages(maxTokens);
        var limits = plan.limits(maxTokens);
        groups = new GroupPages[plan.shape().layers()][plan.groups()];
        for (int layer = 0; layer < groups.length; layer++) {
            boolean managed = layer >= plan.denseLayers();
            for (int g = 0; g < plan.groups(); g++) {
                groups[layer][g] = new GroupPages(layer, g, limits, device, plan.options().digest(), maxPages,
                        managed && plan.scores(maxTokens), managed && plan.recalls(maxTokens));
            }
        }
        prompt = new Prompt(plan, pages, groups, maxPages);
        winnersOnly = policy.scores() && (!policy.evicts() || plan.options().attend() == Attend.WINNERS);
        residents = new FrameList[plan.groups()];
        recalled = new FrameList[plan.groups()];
        Arrays.setAll(residents, g -> new FrameList(maxPages));
        Arrays.setAll(recalled, g -> new FrameList(maxPages));
        int choices = groups[groups.length - 1][0].winners.length;
        misses = new int[plan.groups()][choices];
        missCount = new int[plan.groups()];
        victims = new int[choices];
    }

    /** Tokens held, the one of the step under way included. */
    public int length() {
        return progress.length();
    }

    /** The pages of one layer and selection group. */
    GroupPages group(int layer, int group) {
        return groups[layer][group];
    }

    /** The pages of the selection groups of one layer. */
    public GroupPages[] groups(int layer) {
        return groups[layer];
    }

    /** Announces a prompt of {@code tokens}; only on an empty sequence. */
    public void beginPrefill(int tokens) {
        checkOpen();
        progress.checkPrompt(tokens);
        cache.admitPrompt(this);
        pages.grant(need.steadyFrames() + need.promptFrames());
        prompt.begin(tokens);
        progress.promptBegins(tokens);
    }

    /** Opens the next chunk of a prompt in a layer: its pages get frames. */
    public void openChunk(int layer, int tokens) {
        checkPrompting();
        prompt.open(layer, tokens);
    }

    /** Position of the first token of the open chunk. */
    public int chunkFirst() {
        return prompt.first();
    }

    /** Gives the pages that the open chunk fills a place for their digests. */
    public void openDigests() {
        prompt.openDigests();
    }

    /** The open chunk is in its frames: pages it filled are backed up. */
    public void chunkAppended() {
        prompt.filled();
    }

    /** Lists, as {@link #residents}, the frames of all tokens of the prompt up to the open chunk. */
    public void listChunk() {
        prompt.list(residents);
    }

    /** Tokens of the prompt. */
    public int promptTokens() {
        return prompt.tokens();
    }

    /** How many of the prompt's last queries judge its pages. */
    public int judgingQueries() {
        return prompt.queries();
    }

    /** Whether the prompt's last queries are to judge the pages of the layer being read, now that it has been. */
    public boolean isJudgedAtEnd() {
        return prompt.isJudgedAtEnd();
    }

    /** The pages of a group have been judged by the prompt's last queries. */
    public void judged(GroupPages group) {
        group.judged = group.digests();
    }

    /** Ends the prompt in one layer, whose pages have been judged if they are to be: evicts down to the budget. */
    public void endPrefill(int layer) {
        prompt.end(layer);
        if (prompt.isRead()) {
            progress.promptEnds();
            pages.grant(need.steadyFrames());
        }
    }

    @Override
    public MemoryNeed need() {
        return need;
    }

    @Override
    public boolean isPrompting() {
        return progress.isPrompting();
    }

    @Override
    public boolean isPromptDone() {
        return progress.isPromptDone();
    }

    /** Starts a decode step: the sequence grows by one token. */
    public void beginStep() {
        checkOpen();
        progress.beginStep();
        pages.grant(need.steadyFrames());
        opened = 0;
        pages.atStep(progress.step());
        pages.noteBackups();
        pages.checkUnharmed();
    }

    /** @throws IllegalStateException if the step under way is not at this layer */
    void checkLayer(int layer) {
        checkOpen();
        progress.checkLayer(layer);
    }

    /** Where the new token goes. */
    public int page() {
        return (progress.length() - 1) / pageSize;
    }

    /** Where in its page the new token goes. */
    public int slot() {
        return (progress.length() - 1) % pageSize;
    }

    /** Whether the query of this layer sends early for pages of the next. */
    public boolean predicts(int layer) {
        return plan.predicts(layer);
    }

    /** Layers opened in this step: those up to the one computed, and perhaps the next. */
    int opened() {
        return opened;
    }

    /**
     * Opens the next page of a layer, if the last one is full: a place for that one's digest, and a frame. Of the next
     * layer, too, if this one predicts, so that the prediction finds there what its own query will.
     */
    public void open(int layer) {
        while (opened <= (predicts(layer) ? layer + 1 : layer)) {
            for (var group : groups[opened]) {
                group.step = progress.step();
                group.prefetchedCount = 0;
                group.firstNewDigest = group.digests.digests();
                if (slot() == 0) {
                    open(group, page());
                }
            }
            opened++;
        }
    }

    private void open(GroupPages group, int page) {
        group.pages = page + 1;
        if (page > 0 && group.isJudged()) {
            group.digests.add(pages.frames);
        }
        boolean full = policy.evicts() && group.layer() >= plan.denseLayers()
                && group.table.size() == group.limits().budget();
        try {
            int frame = full ? pages.evict(group, plan.evicting().leaving(group)) : pages.takeFrame();
            group.table.put(page, frame);
        } catch (CopyFailedException e) {
            group.pages = page; // it never opened
            throw e;
        }
    }

    /** Digests the pages that have got a place for it. */
    void digest(KvDevice device, GroupPages group) {
        for (int page = group.firstNewDigest; page < group.digests.digests(); page++) {
            device.digest(plan.options().digest(), group.table.frame(page), group.digests.frames(), page);
        }
    }

    /** The token is in its frames: a page that is full now is backed up. */
    public void appended(int layer) {
        if (slot() == pageSize - 1) {
            for (var group : groups[layer]) {
                pages.filled(group, page());
            }
        }
    }

    /** Whether a group's pages are judged in this step. */
    public boolean chooses(GroupPages group) {
        return group.isJudged() && group.pages > group.limits().budget();
    }

    /** Selects by the importances of all digested pages, evicts, and sends for the winners that have no frame. */
    public void choose(GroupPages group) {
        pages.awaitEarly(); // what came early may leave again
        select(group);
        group.chosen();
        for (int i = 0; i < group.winnerCount; i++) {
            pages.tell(Kind.SELECTED, group, group.winners[i], group.importance[group.winners[i]], 0);
        }
        tellUnused(group);
        int[] missing = misses[group.group()];
        int count = miss(group, missing);
        missCount[group.group()] = count;
        for (int i = 0; i < count; i++) {
            pages.recall(group, missing[i], pages.evict(group, victims[i]));
        }
    }

    /**
     * Does as {@link #choose}, by importances that the query of the layer before gives: evicts, and sends for what it
     * would select. Nobody trusts this; the group still is to choose.
     */
    public void prefetch(GroupPages group) {
        select(group);
        int count = miss(group, group.prefetched);
        for (int i = 0; i < count; i++) {
            pages.recallEarly(group, group.prefetched[i], pages.evict(group, victims[i]));
        }
        group.prefetchedCount = count;
    }

    private void select(GroupPages group) {
        group.judged = group.digests.digests();
        group.winnerCount = policy.select(group, group.winners);
        group.withdrawOffer();
    }

    /** Finds the winners without a frame, and as many victims. */
    private int miss(GroupPages group, int[] missing) {
        int count = 0;
        for (int i = 0; i < group.winnerCount && group.isBackedUp(); i++) {
            if (!group.table.contains(group.winners[i])) {
                missing[count++] = group.winners[i];
            }
        }
        if (count > 0) {
            plan.evicting().victims(group, count, victims);
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

    /**
     * Lists what a group attends: what was resident before this step's recalls, and what was recalled. Where winners alone
     * are attended, all of them come second, wherever they were, so that not a bit depends on what had a frame.
     */
    public void list(GroupPages group) {
        boolean chose = chooses(group);
        var early = residents[group.group()];
        var late = recalled[group.group()];
        early.clear();
        late.clear();
        boolean winnersAlone = chose && winnersOnly;
        boolean winnersLate = winnersAlone && group.isBackedUp();
        int[] second = winnersLate ? group.winners : misses[group.group()];
        int seconds = winnersLate ? group.winnerCount : chose ? missCount[group.group()] : 0;
        int firstOfWindow = group.pages - group.limits().window();
        int inLast = slot() + 1;
        int next = 0;
        int winner = 0;
        for (int i = 0; i < group.table.size(); i++) {
            int page = group.table.page(i);
            int frame = group.table.frame(page);
            if (next < seconds && second[next] == page) {
                late.add(frame, pageSize);
                next++;
                continue;
            }
            while (winner < group.winnerCount && group.winners[winner] < page) {
                winner++;
            }
            boolean wanted = !winnersAlone || page < group.limits().sinks() || page >= firstOfWindow
                    || (winner < group.winnerCount && group.winners[winner] == page);
            if (wanted) {
                early.add(frame, page == group.pages - 1 ? inLast : pageSize);
            }
        }
    }

    /** What a group of the layer listed last attends first. */
    public FrameList residents(int group) {
        return residents[group];
    }

    /** What a group of the layer listed last attends once it has arrived. */
    public FrameList recalled(int group) {
        return recalled[group];
    }

    /** Returns once the pages sent for have arrived. */
    public void awaitRecalls() {
        pages.awaitRecalls();
    }

    /** Whether any group of the layer listed last has pages to wait for. */
    public boolean hasRecalled() {
        boolean any = false;
        for (var list : recalled) {
            any |= list.size() > 0;
        }
        return any;
    }

    /** The layers up to this one are computed. */
    public void computed(int layer) {
        progress.computed(layer);
    }

    void checkPrompting() {
        checkOpen();
        progress.checkPrompting();
    }

    private void checkOpen() {
        progress.checkOpen();
        pages.checkUnharmed();
    }

    /** Frees everything the sequence holds. */
    void close() {
        if (progress.close()) {
            pages.close(groups);
            cache.release(this);
        }
    }
}
