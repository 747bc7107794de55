package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.page.HostStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The backups of full pages by the texts that made them: a tree whose edges are the tokens of one page. A page below
 * another follows it, so that a path from the root is the beginning of a text. The tree holds its backups beside the
 * sequences that do. Those that no sequence holds are limited: of the pages without followers the one that was used the
 * longest time ago goes first.
 */
final class PrefixTree {
    private final HostStore host;
    private final int pageSize;
    private final int mostSlots; // of backups that no sequence holds
    private final Page root = new Page(null, new Tokens(new int[0]), new int[0]);
    private final LinkedHashSet<Page> byUse = new LinkedHashSet<>(); // the one used last at the end

    /** The tokens of a page, as a key. */
    private record Tokens(int[] tokens) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Tokens(int[] others) && Arrays.equals(tokens, others);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(tokens);
        }
    }

    /** The backups of one page of a text, of all layers and selection groups. */
    static final class Page {
        private final @Nullable Page before;
        private final Tokens tokens;
        private final int[] slots; // [layers][groups]
        private final Map<Tokens, Page> next = new HashMap<>();

        private Page(@Nullable Page before, Tokens tokens, int[] slots) {
            this.before = before;
            this.tokens = tokens;
            this.slots = slots;
        }

        /** The host slots of the backups, {@code [layers][groups]}. */
        int[] slots() {
            return slots;
        }
    }

    /** @param mostSlots backups that may stay when no sequence holds them; 0 keeps nothing */
    PrefixTree(HostStore host, int pageSize, int mostSlots) {
        this.host = host;
        this.pageSize = pageSize;
        this.mostSlots = mostSlots;
    }

    /** Whether anything is kept. */
    boolean isOn() {
        return mostSlots > 0;
    }

    /** The pages that a text begins with, at most {@code most}. */
    List<Page> find(int[] text, int most) {
        List<Page> found = new ArrayList<>();
        for (Page at = root; found.size() < most;) {
            Page next = at.next.get(tokens(text, found.size()));
            if (next == null) {
                break;
            }
            found.add(next);
            at = next;
        }
        for (int i = found.size() - 1; i >= 0; i--) {
            use(found.get(i));
        }
        return found;
    }

    private Tokens tokens(int[] text, int page) {
        return new Tokens(Arrays.copyOfRange(text, page * pageSize, (page + 1) * pageSize));
    }

    /** Marks a page as used after those that follow it, so that these go first. */
    private void use(Page page) {
        byUse.remove(page);
        byUse.add(page);
    }

    /**
     * Adds the next page of a text.
     *
     * @param before the page before, null for the first
     * @param text the tokens of the text so far
     * @param slots complete backups of all layers and groups, held by the caller; the tree holds them too
     * @return the page of the tree, which another sequence may have added
     */
    Page add(@Nullable Page before, int[] text, int page, int[] slots) {
        Page parent = before == null ? root : before;
        var tokens = tokens(text, page);
        Page known = parent.next.get(tokens);
        if (known == null) {
            known = new Page(parent, tokens, slots.clone());
            for (int slot : slots) {
                host.share(slot);
            }
            parent.next.put(tokens, known);
        }
        for (Page used = known; used != root && used != null; used = used.before) {
            use(used);
        }
        return known;
    }

    /** Whether a page is still part of the tree. */
    boolean contains(Page page) {
        return byUse.contains(page);
    }

    /** Gives up the oldest pages that no sequence holds, until the others are no more than the limit. */
    void trim() {
        long alone = 0;
        for (Page page : byUse) {
            alone += alone(page);
        }
        while (alone > mostSlots) {
            Page oldest = oldest();
            if (oldest == null) {
                return;
            }
            alone -= alone(oldest);
            drop(oldest);
        }
    }

    /** Gives up the oldest page that no sequence holds, if there is one. */
    void dropOldest() {
        Page oldest = oldest();
        if (oldest != null) {
            drop(oldest);
        }
    }

    /** Gives up all pages that no sequence holds. */
    void dropAll() {
        for (Page page = oldest(); page != null; page = oldest()) {
            drop(page);
        }
    }

    private @Nullable Page oldest() {
        for (Page page : byUse) {
            if (page.next.isEmpty() && alone(page) > 0) {
                return page;
            }
        }
        return null;
    }

    /** Backups of a page that no sequence holds. */
    private int alone(Page page) {
        int alone = 0;
        for (int slot : page.slots) {
            alone += host.isShared(slot) ? 0 : 1;
        }
        return alone;
    }

    private void drop(Page page) {
        byUse.remove(page);
        if (page.before != null) {
            page.before.next.remove(page.tokens);
        }
        for (int slot : page.slots) {
            host.free(slot);
        }
    }
}
