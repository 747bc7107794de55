package dev.kvasir.kvcache.policy;

import dev.kvasir.kvcache.page.PageTable;
import dev.kvasir.kvcache.page.Residents;
import java.util.Map;
import java.util.stream.IntStream;

/** A view of pages as a test wants them. */
public record FakeView(PageLimits limits, int pages, int[] residentPages, float[] importances, int[] latestWinners,
        Map<Integer, Long> lastWins, int layer)
        implements
            PageView {

    public FakeView(PageLimits limits, int pages, int[] residentPages, float[] importances, int[] latestWinners) {
        this(limits, pages, residentPages, importances, latestWinners, Map.of());
    }

    public FakeView(PageLimits limits, int pages, int[] residentPages, float[] importances, int[] latestWinners,
            Map<Integer, Long> lastWins) {
        this(limits, pages, residentPages, importances, latestWinners, lastWins, 0);
    }

    @Override
    public Residents residents() {
        var table = new PageTable(pages);
        for (int page : residentPages) {
            table.put(page, page);
        }
        return table;
    }

    @Override
    public float importance(int page) {
        return page < importances.length ? importances[page] : Float.NaN;
    }

    @Override
    public int winners() {
        return latestWinners.length;
    }

    @Override
    public int winner(int i) {
        return latestWinners[i];
    }

    @Override
    public long lastWon(int page) {
        return lastWins.getOrDefault(page, 0L);
    }

    @Override
    public int top(int from, int to, int k, int[] receiver, int at) {
        int[] best = IntStream.range(from, to)
                .boxed()
                .sorted((a, b) -> Float.compare(importances[b], importances[a]))
                .limit(k)
                .sorted()
                .mapToInt(i -> i)
                .toArray();
        System.arraycopy(best, 0, receiver, at, best.length);
        return best.length;
    }

    @Override
    public int group() {
        return 0;
    }

    @Override
    public long step() {
        return 1;
    }
}
