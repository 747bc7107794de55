package dev.kvasir.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Finds special tokens in a text. The longest token of the whole text comes first, then the longest one in the remaining
 * text, and so on; the leftmost of equals. User-defined tokens always count, control tokens only if the options request
 * it and outside of contents.
 */
final class SpecialTokenSplitter {

    /** A special token, or the text from {@code start} to {@code end} if {@code token} is negative. */
    record Fragment(int token, int start, int end) {}

    private record Special(int id, String text, boolean control, boolean stripsRight) {}

    private final Finder all;
    private final Finder userDefined;

    SpecialTokenSplitter(Vocabulary vocabulary, TokenRoles roles) {
        var specials = new ArrayList<Special>();
        for (int id = 0; id < vocabulary.size(); id++) {
            var text = roles.isSpecial(id) ? vocabulary.tokens().get(id) : "";
            if (!text.isEmpty()) {
                specials.add(new Special(id, text, roles.isControl(id), roles.stripsRight(id)));
            }
        }
        specials.sort(Comparator.comparingInt(s -> -s.text().getBytes(StandardCharsets.UTF_8).length));
        all = new Finder(specials);
        userDefined = new Finder(specials.stream().filter(s -> !s.control()).toList());
    }

    /**
     * The fragments of a text.
     *
     * @param marks the same text with its contents
     */
    List<Fragment> split(String text, MarkedText marks, EncodeOptions.Controls controls) {
        return (controls == EncodeOptions.Controls.PARSED ? all : userDefined).split(text, marks);
    }

    /** Finds the tokens of one list. */
    private static final class Finder {
        private final List<Special> longestFirst;
        private final TextTree texts;

        Finder(List<Special> longestFirst) {
            this.longestFirst = List.copyOf(longestFirst);
            texts = new TextTree(longestFirst.stream().map(Special::text).toList());
        }

        List<Fragment> split(String text, MarkedText marks) {
            // The places of each token that is the longest at its place. A text has few of a vocabulary's special tokens.
            var places = new TreeMap<Integer, IntList>();
            for (int at = 0; at < text.length() && !longestFirst.isEmpty(); at++) {
                note(longest(text, marks, at, text.length()), at, places);
            }
            var taken = new BitSet();
            var found = new ArrayList<Fragment>();
            while (!places.isEmpty()) {
                var next = places.pollFirstEntry();
                int[] starts = next.getValue().toArray();
                Arrays.sort(starts);
                for (int start : starts) {
                    take(text, marks, start, next.getKey(), taken, found, places);
                }
            }
            return withTextBetween(found, taken, text.length());
        }

        /** The longest token at a place that ends at {@code to} or before and is no control token within contents; or -1. */
        private int longest(String text, MarkedText marks, int at, int to) {
            int special = texts.longest(text, at, to);
            while (special >= 0 && longestFirst.get(special).control()) {
                int end = at + longestFirst.get(special).text().length();
                if (!marks.hasContent(at, end)) {
                    break;
                }
                special = texts.longest(text, at, end - 1);
            }
            return special;
        }

        private static void note(int special, int at, TreeMap<Integer, IntList> places) {
            if (special >= 0) {
                places.computeIfAbsent(special, s -> new IntList()).add(at);
            }
        }

        /** Takes the token at {@code start}, or notes a shorter one there if the place of this one is partly taken. */
        private void take(String text, MarkedText marks, int start, int index, BitSet taken, List<Fragment> found,
                TreeMap<Integer, IntList> places) {
            var special = longestFirst.get(index);
            int end = start + special.text().length();
            int free = start;
            while (free < end && !taken.get(free)) {
                free++;
            }
            if (free < end) {
                note(longest(text, marks, start, free), start, places);
                return;
            }
            found.add(new Fragment(special.id(), start, end));
            int after = end;
            while (special.stripsRight() && after < text.length() && !taken.get(after)
                    && isAsciiSpace(text.charAt(after))) {
                after++;
            }
            taken.set(start, after);
        }

        private static List<Fragment> withTextBetween(List<Fragment> found, BitSet taken, int length) {
            found.sort(Comparator.comparingInt(Fragment::start));
            var all = new ArrayList<Fragment>();
            int at = 0;
            for (var token : found) {
                addText(all, taken, at, token.start());
                all.add(token);
                at = token.end();
            }
            addText(all, taken, at, length);
            return all;
        }

        private static void addText(List<Fragment> fragments, BitSet taken, int from, int end) {
            int start = from;
            while (start < end && taken.get(start)) {
                start++; // white space that the token before it strips
            }
            if (start < end) {
                fragments.add(new Fragment(-1, start, end));
            }
        }
    }

    private static boolean isAsciiSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
