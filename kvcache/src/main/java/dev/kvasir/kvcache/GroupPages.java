package dev.kvasir.kvcache;

import dev.kvasir.kvcache.device.FrameDevice;
import dev.kvasir.kvcache.page.Backups;
import dev.kvasir.kvcache.page.DigestStore;
import dev.kvasir.kvcache.page.PageTable;
import dev.kvasir.kvcache.page.Residents;
import dev.kvasir.kvcache.policy.PageLimits;
import dev.kvasir.kvcache.policy.PageView;

/** Everything known of the pages of one layer, sequence and selection group. */
final class GroupPages implements PageView {
    private final int layer;
    private final int group;
    private final PageLimits limits;
    private final FrameDevice device;
    private final int[] selected;

    final PageTable table;
    final Backups backups; // room for none where nothing is backed up
    final DigestStore digests; // room for none where nothing is judged
    final float[] importance; // of pages 0..judged-1
    final int[] winners;
    int judged;
    int winnerCount;
    int pages;
    int firstNewDigest; // pages from here to digests.digests() are to be digested
    long step;

    GroupPages(int layer, int group, PageLimits limits, FrameDevice device, int maxPages, boolean scores,
            boolean recalls) {
        this.layer = layer;
        this.group = group;
        this.limits = limits;
        this.device = device;
        table = new PageTable(maxPages);
        backups = new Backups(recalls ? maxPages : 0);
        digests = new DigestStore(scores ? maxPages - 1 : 0, device.geometry().pageSize());
        importance = new float[scores ? maxPages : 0];
        int choices = scores ? maxPages : 0; // a policy that evicts nothing may select more than the budget
        winners = new int[choices];
        selected = new int[choices];
    }

    boolean isJudged() {
        return importance.length > 0;
    }

    boolean isBackedUp() {
        return backups.maxPages() > 0;
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
    public int top(int from, int to, int k, int[] receiver, int at) {
        int count = device.select(importance, from, to, k, selected);
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
