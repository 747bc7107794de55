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

    private final List<Special> longestFirst;
    private final TextTree all;
    private final TextTree userDefined;

    SpecialTokenSplitter(Vocabulary vocabulary, TokenRoles roles) {
        var specials = new ArrayList<Special>();
        for (int id = 0; id < vocabulary.size(); id++) {
            var text = roles.isSpecial(id) ? vocabulary.tokens().get(id) : "";
            if (!text.isEmpty()) {
                specials.add(new Special(id, text, roles.isControl(id), roles.stripsRight(id)));
            }
        }
        specials.sort(Comparator.comparingInt(s -> -s.text().getBytes(StandardCharsets.UTF_8).length));
        longestFirst = List.copyOf(specials);
        all = new TextTree(specials.stream().map(Special::text).toList());
        userDefined = new TextTree(specials.stream().map(s -> s.control() ? "" : s.text()).toList());
    }

    /**
     * The fragments of a text.
     *
     * @param marks the same text with its contents
     */
    List<Fragment> split(String text, MarkedText marks, EncodeOptions.Controls controls) {
        return new Search(text, marks, controls == EncodeOptions.Controls.PARSED).run();
    }

    /** The search in one text. */
    private final class Search {
        private final String text;
        private final MarkedText marks;
        private final boolean findsControls;
        /** The places of each token that is the longest at its place. A text has few of a vocabulary's special tokens. */
        private final TreeMap<Integer, IntList> places = new TreeMap<>();
        private final BitSet taken = new BitSet(); // by char
        private final List<Fragment> found = new ArrayList<>();

        Search(String text, MarkedText marks, boolean findsControls) {
            this.text = text;
            this.marks = marks;
            this.findsControls = findsControls;
        }

        List<Fragment> run() {
            int content = -1;
            for (int at = 0; at < text.length() && !longestFirst.isEmpty(); at++) {
                content = content < at ? marks.nextContent(at) : content;
                note(at, content, text.length());
            }
            while (!places.isEmpty()) {
                var next = places.pollFirstEntry();
                int[] starts = next.getValue().toArray();
                Arrays.sort(starts);
                for (int start : starts) {
                    take(start, longestFirst.get(next.getKey()));
                }
            }
            return withTextBetween();
        }

        /** Notes the longest token at a place that ends by {@code limit}, and if it is a control token, by {@code content}. */
        private void note(int at, int content, int limit) {
            int best = userDefined.longest(text, at, limit);
            int control = findsControls ? all.longest(text, at, Math.min(content, limit)) : -1;
            if (control >= 0 && (best < 0 || control < best)) {
                best = control;
            }
            if (best >= 0) {
                places.computeIfAbsent(best, b -> new IntList()).add(at);
            }
        }

        /** Takes a token at its place, or notes a shorter one there if a part of the place is taken. */
        private void take(int start, Special special) {
            int end = start + special.text().length();
            int free = start;
            int content = -1;
            while (free < end && !taken.get(free)) {
                content = content < 0 && marks.hasContent(free, free + 1) ? free : content;
                free++;
            }
            if (free < end) {
                note(start, content < 0 ? free : content, free);
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

        private List<Fragment> withTextBetween() {
            found.sort(Comparator.comparingInt(Fragment::start));
            var fragments = new ArrayList<Fragment>();
            int at = 0;
            for (var token : found) {
                addText(fragments, at, token.start());
                fragments.add(token);
                at = token.end();
            }
            addText(fragments, at, text.length());
            return fragments;
        }

        private void addText(List<Fragment> fragments, int from, int end) {
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
