package dev.kvasir.kvcache.policy.page;

import dev.kvasir.kvcache.policy.EvictingPolicy;
import dev.kvasir.kvcache.policy.PageView;

/**
 * A policy whose pages leave for the host and come back when a query needs them. The prompt is cut down to sinks, its best
 * pages and the window, and each step selects the best pages between sinks and window. Implementations choose the page
 * that leaves.
 */
interface RecallingPolicy extends EvictingPolicy {

    @Override
    default boolean scores() {
        return true;
    }

    @Override
    default boolean recalls() {
        return true;
    }

    @Override
    default int retain(PageView view, int[] kept) {
        int sinks = view.limits().sinks();
        int window = view.limits().window();
        int windowStart = view.pages() - window;
        int count = 0;
        while (count < sinks) {
            kept[count] = count;
            count++;
        }
        count += view.top(sinks, windowStart, view.limits().budget() - sinks - window, kept, count);
        for (int page = windowStart; page < view.pages(); page++) {
            kept[count++] = page;
        }
        return count;
    }

    @Override
    default int select(PageView view, int[] winners) {
        return view.best(winners);
    }
}
