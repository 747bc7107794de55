package dev.kvasir.kvcache.policy;

/** What several policies keep of a prompt. */
final class Retained {
    private Retained() {}

    /** Sinks, the most important pages of those between, as many as the budget has room for, and the window. */
    static int sinksBestAndWindow(PageView view, int[] kept) {
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
}
