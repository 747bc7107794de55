package dev.kvasir.kvcache;

import dev.kvasir.kvcache.device.AttentionState;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.transfer.CopyFailedException;

/**
 * One sequence of a {@link PagedCache}. A decode step in one layer reads:
 *
 * <pre>
 * open     the next page, if the last is full: digest that, and take a frame, from the page that leaves if all are used
 * append   the token's key and value
 * score    every digest by the query            per selection group,
 * select   the winners                          if the layer has
 * evict    as many residents as winners lack    outgrown its budget
 * recall   those winners
 * attend   residents ascending, then, when their copies are complete, the recalled ascending; merged in this order
 * </pre>
 *
 * Which pages come late is a matter of the tables and not of time, so that the result never depends on how fast copies
 * are.
 */
final class PagedSequence implements KvSequence {
    private final PagedCache cache;
    private final CachePlan plan;
    private final KvDevice device;
    private final PagePolicy policy;
    private final int maxTokens;
    private final int pageSize;
    private final boolean winnersOnly;
    private final GroupPages[][] groups; // [layers][groups]
    private final SequencePages pages;
    private final Prompt prompt;

    private final AttentionState attention;
    private final FrameList[] residents; // [groups]
    private final FrameList[] recalled; // [groups]
    private final int[][] misses; // [groups][winners without a frame, ascending]
    private final int[] missCount; // [groups]
    private final int[] victims;
    private final float[] key; // of one token
    private final float[] value;

    private int length;
    private long step;
    private int nextLayer; // of the step under way
    private boolean prompting;
    private boolean closed;

    final MemoryNeed need;
    boolean promptDone; // no more frames than the steady ones are needed from here on

    PagedSequence(PagedCache cache, CachePlan plan, KvDevice device, SequencePages pages, MemoryNeed need) {
        this.cache = cache;
        this.plan = plan;
        this.device = device;
        this.pages = pages;
        this.need = need;
        policy = plan.policy();
        maxTokens = need.maxTokens();
        pageSize = plan.options().pageSize();
        int maxPages = plan.pages(maxTokens);
        var limits = plan.limits(maxTokens);
        groups = new GroupPages[plan.shape().layers()][plan.groups()];
        for (int layer = 0; layer < groups.length; layer++) {
            boolean managed = layer >= plan.denseLayers();
            for (int g = 0; g < plan.groups(); g++) {
                groups[layer][g] = new GroupPages(layer, g, limits, device, maxPages,
                        managed && plan.scores(maxTokens), managed && plan.recalls(maxTokens));
            }
        }
        prompt = new Prompt(plan, device, pages, groups, maxPages);
        winnersOnly = policy.scores() && (!policy.evicts() || plan.options().attend() == Attend.WINNERS);
        attention = device.newAttentionState(plan.shape().queryHeads(), plan.groups(), maxPages);
        residents = new FrameList[plan.groups()];
        recalled = new FrameList[plan.groups()];
        for (int g = 0; g < plan.groups(); g++) {
            residents[g] = new FrameList(maxPages);
            recalled[g] = new FrameList(maxPages);
        }
        int choices = groups[groups.length - 1][0].winners.length;
        misses = new int[plan.groups()][choices];
        missCount = new int[plan.groups()];
        victims = new int[choices];
        key = new float[plan.tokenStride()];
        value = new float[plan.tokenStride()];
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void beginPrefill(int tokens) {
        checkOpen();
        if (length > 0 || prompting) {
            throw new IllegalStateException(
                    "a prompt goes into an empty sequence, this one holds %d tokens: go on with beginStep".formatted(
                            length));
        }
        if (tokens < 1 || tokens > maxTokens) {
            throw new IllegalArgumentException(
                    "a prompt of %d tokens does not fit a sequence opened for %d: raise --ctx-size or shorten it"
                            .formatted(tokens, maxTokens));
        }
        cache.admitPrompt(this);
        pages.grant(need.steadyFrames() + need.promptFrames());
        prompting = true;
        prompt.begin(tokens);
        length = tokens;
    }

    @Override
    public void prefill(int layer, float[] q, float[] k, float[] v, int tokens, float[] out) {
        checkPrompting();
        prompt.read(layer, q, k, v, tokens, out);
    }

    @Override
    public void endPrefill(int layer) {
        checkPrompting();
        prompt.end(layer);
        if (prompt.isRead()) {
            endPrompt();
        }
    }

    private void endPrompt() {
        prompting = false;
        promptDone = true;
        pages.grant(need.steadyFrames());
    }

    boolean isPrompting() {
        return prompting;
    }

    @Override
    public void fillRandom(int tokens, long seed) {
        beginPrefill(tokens);
        int rowLength = Math.max(plan.tokenStride(), plan.queryStride());
        var random = new RandomTokens(seed, rowLength);
        float[] k = new float[pageSize * plan.tokenStride()];
        float[] v = new float[k.length];
        float[] q = new float[pageSize * plan.queryStride()];
        for (int layer = 0; layer < groups.length; layer++) {
            for (int first = 0; first < tokens; first += pageSize) {
                int count = Math.min(pageSize, tokens - first);
                random.fill(k, count, plan.tokenStride());
                random.fill(v, count, plan.tokenStride());
                random.fill(q, count, plan.queryStride());
                prompt.append(layer, k, v, count);
                prompt.keepLastQueries(q, count);
            }
            prompt.end(layer);
        }
        endPrompt();
    }

    @Override
    public void beginStep() {
        checkOpen();
        if (prompting) {
            throw new IllegalStateException("the prompt is not read yet: layers are missing");
        }
        if (step > 0 && nextLayer != groups.length) {
            throw new IllegalStateException(
                    "step %d ended at layer %d of %d".formatted(step, nextLayer, groups.length));
        }
        if (length == maxTokens) {
            throw new IllegalStateException(
                    "the sequence holds the %d tokens it was opened for: raise --ctx-size".formatted(maxTokens));
        }
        promptDone = true;
        pages.grant(need.steadyFrames());
        length++;
        step++;
        nextLayer = 0;
        pages.atStep(step);
        pages.noteBackups();
        pages.checkUnharmed();
    }

    @Override
    public void step(int layer, float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset, float[] out,
            int outOffset) {
        checkOpen();
        if (layer != nextLayer || step == 0) {
            throw new IllegalStateException(
                    "step %d is at layer %d, not at layer %d".formatted(step, nextLayer, layer));
        }
        int page = (length - 1) / pageSize;
        int slot = (length - 1) % pageSize;
        System.arraycopy(k, kOffset, key, 0, key.length);
        System.arraycopy(v, vOffset, value, 0, value.length);
        for (var group : groups[layer]) {
            group.step = step;
            if (slot == 0) {
                open(group, page);
            }
            device.append(group.table.frame(page), slot, 1, key, value, group.group() * plan.groupStride(),
                    plan.tokenStride());
            if (slot == pageSize - 1) {
                pages.filled(group, page);
            }
        }
        for (var group : groups[layer]) {
            boolean chooses = group.isJudged() && group.pages > group.limits().budget();
            if (chooses) {
                choose(group, q, qOffset);
            }
            list(group, chooses);
        }
        attend(q, qOffset, out, outOffset);
        nextLayer++;
    }

    /** Opens the next page: digests the one before, and finds a frame. */
    private void open(GroupPages group, int page) {
        group.pages = page + 1;
        if (page > 0 && group.isJudged()) {
            Prompt.digest(device, plan, pages, group, page - 1);
        }
        boolean full = policy.evicts() && group.layer() >= plan.denseLayers()
                && group.table.size() == group.limits().budget();
        try {
            int frame = full ? pages.evict(group, policy.leaving(group)) : pages.takeFrame();
            group.table.put(page, frame);
        } catch (CopyFailedException e) {
            group.pages = page; // it never opened
            throw e;
        }
    }

    /** Scores, selects, evicts, and sends for the winners that have no frame. */
    private void choose(GroupPages group, float[] q, int qOffset) {
        int judged = group.digests.digests();
        device.score(plan.options().digest(), plan.options().aggregation(), group.digests.frames(), judged, q,
                qOffset + group.group() * plan.queryHeadsPerGroup() * plan.shape().headDim(),
                plan.queryHeadsPerGroup(), group.importance);
        group.judged = judged;
        group.winnerCount = policy.select(group, group.winners);

        int[] missing = misses[group.group()];
        int count = 0;
        for (int i = 0; i < group.winnerCount; i++) {
            int winner = group.winners[i];
            pages.tell(Kind.SELECTED, group, winner, group.importance[winner], 0);
            if (!group.table.contains(winner) && group.isBackedUp()) {
                missing[count++] = winner;
            }
        }
        missCount[group.group()] = count;
        if (count > 0) {
            policy.victims(group, count, victims);
            for (int i = 0; i < count; i++) {
                pages.recall(group, missing[i], pages.evict(group, victims[i]));
            }
        }
    }

    /** Lists what a group attends: what was resident before this step's recalls, and what was recalled. */
    private void list(GroupPages group, boolean chose) {
        var early = residents[group.group()];
        var late = recalled[group.group()];
        early.clear();
        late.clear();
        int[] missing = misses[group.group()];
        int missed = chose ? missCount[group.group()] : 0;
        int firstOfWindow = group.pages - group.limits().window();
        int inLast = (length - 1) % pageSize + 1;
        int miss = 0;
        int winner = 0;
        for (int i = 0; i < group.table.size(); i++) {
            int page = group.table.page(i);
            int frame = group.table.frame(page);
            if (miss < missed && missing[miss] == page) {
                late.add(frame, pageSize);
                miss++;
                continue;
            }
            while (winner < group.winnerCount && group.winners[winner] < page) {
                winner++;
            }
            boolean wanted = !(chose && winnersOnly) || page < group.limits().sinks() || page >= firstOfWindow
                    || (winner < group.winnerCount && group.winners[winner] == page);
            if (wanted) {
                early.add(frame, page == group.pages - 1 ? inLast : pageSize);
            }
        }
    }

    private void attend(float[] q, int qOffset, float[] out, int outOffset) {
        device.attend(q, qOffset, residents, attention);
        boolean anyRecalled = false;
        for (var list : recalled) {
            anyRecalled |= list.size() > 0;
        }
        if (anyRecalled) {
            pages.awaitRecalls();
            device.attend(q, qOffset, recalled, attention);
        }
        device.merge(attention, out, outOffset);
    }

    /** The pages of one layer and selection group. */
    GroupPages group(int layer, int group) {
        return groups[layer][group];
    }

    void awaitBackups() {
        pages.awaitBackups();
    }

    private void checkPrompting() {
        checkOpen();
        if (!prompting) {
            throw new IllegalStateException("no prompt was announced: call beginPrefill first");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the sequence is closed");
        }
        pages.checkUnharmed();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pages.close(groups);
            cache.release(this);
        }
    }
}
