package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.option.Extend;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one sequence, as far as they are known and were read exactly: as texts that attended to everything before
 * them. Full pages of such a text are what any reading of the same tokens would give, and are added to the
 * {@link PrefixTree}. Behind a decoded token nothing is added: its keys depend on what the policy attended to.
 */
final class SequenceText {
    private final OpenSequence sequence;
    private final PrefixTree tree;
    private final int pageSize;
    private int[] tokens = {}; // known
    private boolean isExact = true; // so far
    private PrefixTree.@Nullable Page last; // in the tree
    private int added; // pages in the tree

    SequenceText(OpenSequence sequence, PrefixTree tree) {
        this.sequence = sequence;
        this.tree = tree;
        pageSize = sequence.plan.options().pageSize();
    }

    /**
     * Names the tokens of the text that comes next. An empty sequence begins with the pages of an earlier text that starts
     * alike, absent but backed up.
     *
     * @return the tokens that the sequence now holds and that are not to be read; at least one is left
     */
    int name(int[] text) {
        int held = sequence.progress.length();
        isExact &= tokens.length == held && (held == 0 || goesOnExactly());
        if (!tree.isOn() || !isExact) {
            return 0;
        }
        tokens = Arrays.copyOf(tokens, held + text.length);
        System.arraycopy(text, 0, tokens, held, text.length);
        return held == 0 ? adopt() : 0;
    }

    private boolean goesOnExactly() {
        return sequence.plan.options().extend() == Extend.EXACT
                && sequence.plan.readsInParts(sequence.progress.maxTokens());
    }

    private int adopt() {
        var found = tree.find(tokens, (tokens.length - 1) / pageSize);
        if (found.isEmpty()) {
            return 0;
        }
        for (int page = 0; page < found.size(); page++) {
            int[] slots = found.get(page).slots();
            int at = 0;
            for (int layer = 0; layer < sequence.layers(); layer++) {
                for (var group : sequence.groups(layer)) {
                    sequence.pages.adopt(group, page, slots[at++]);
                    group.pages = page + 1;
                    group.full = page + 1;
                }
            }
        }
        last = found.getLast();
        added = found.size();
        sequence.progress.begin(added * pageSize);
        return added * pageSize;
    }

    /** Knows what another one knows. */
    void copy(SequenceText of) {
        tokens = of.tokens;
        isExact = of.isExact;
        last = of.last;
        added = of.added;
    }

    /** A step has begun: what follows is not known. */
    void stepped() {
        isExact = false;
    }

    /** A text has been read in all layers: its full pages are added to the tree. */
    void ended() {
        isExact &= tokens.length == sequence.progress.length();
        if (tree.isOn() && isExact && (last == null || tree.contains(last))) {
            add();
        }
        if (!sequence.plan.policy().recalls()) {
            for (int layer = 0; layer < sequence.layers(); layer++) {
                for (var group : sequence.groups(layer)) {
                    sequence.pages.forgetAbsent(group);
                }
            }
        }
    }

    private void add() {
        int[] slots = new int[sequence.layers() * sequence.groups(0).length];
        sequence.pages.awaitBackups();
        sequence.pages.checkUnharmed();
        for (; (added + 1) * pageSize <= tokens.length; added++) {
            int at = 0;
            for (int layer = 0; layer < sequence.layers(); layer++) {
                for (var group : sequence.groups(layer)) {
                    slots[at++] = group.backups.slot(added);
                }
            }
            last = tree.add(last, tokens, added, slots);
        }
    }
}
