package dev.kvasir.kvcache.paged;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Pages in the order of their arrival, each with its group; grows when full, and then allocates no more. */
final class PageQueue {
    private @Nullable GroupPages[] groups = new GroupPages[16];
    private int[] pages = new int[16];
    private int first;
    private int size;

    void add(GroupPages group, int page) {
        if (size == pages.length) {
            grow();
        }
        int at = (first + size++) & (pages.length - 1);
        groups[at] = group;
        pages[at] = page;
    }

    private void grow() {
        int old = pages.length;
        groups = Arrays.copyOf(groups, 2 * old);
        pages = Arrays.copyOf(pages, 2 * old);
        // The part before first follows the rest: it moves behind it.
        System.arraycopy(groups, 0, groups, old, first);
        System.arraycopy(pages, 0, pages, old, first);
    }

    boolean isEmpty() {
        return size == 0;
    }

    GroupPages group() {
        var group = groups[first];
        if (group == null) {
            throw new IllegalStateException("the queue is empty");
        }
        return group;
    }

    int page() {
        return pages[first];
    }

    void remove() {
        groups[first] = null;
        first = (first + 1) & (pages.length - 1);
        size--;
    }
}
