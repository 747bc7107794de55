package dev.kvasir.model.tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * A set of texts as a tree of their characters. It finds the longest of them at a position of another text, in steps of
 * one character.
 */
final class TextTree {

    private static final int ROOT = 0;
    private static final int NONE = -1;

    private final PairTable children;
    private final int[] ends; // by node: the index of the text that ends there, or NONE
    private int nodes = 1;

    /** The tree of some texts. An empty one is never found; of equal ones, the first counts. */
    TextTree(List<String> texts) {
        int characters = texts.stream().mapToInt(String::length).sum();
        children = new PairTable(characters);
        ends = new int[characters + 1];
        Arrays.fill(ends, NONE);
        for (int i = 0; i < texts.size(); i++) {
            int node = ROOT;
            for (char c : texts.get(i).toCharArray()) {
                node = childOrNew(node, c);
            }
            ends[node] = node != ROOT && ends[node] == NONE ? i : ends[node];
        }
    }

    private int childOrNew(int node, char c) {
        int slot = children.find(node, c);
        if (slot >= 0) {
            return children.merged(slot);
        }
        children.add(node, c, 0, nodes);
        return nodes++;
    }

    /** The index of the longest text that stands in {@code text} from {@code from} and ends by {@code limit}, or -1. */
    int longest(String text, int from, int limit) {
        int longest = NONE;
        int node = ROOT;
        for (int at = from; at < limit; at++) {
            int slot = children.find(node, text.charAt(at));
            if (slot < 0) {
                break;
            }
            node = children.merged(slot);
            longest = ends[node] == NONE ? longest : ends[node];
        }
        return longest;
    }
}
