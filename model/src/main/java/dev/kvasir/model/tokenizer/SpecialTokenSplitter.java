package dev.kvasir.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds special tokens in a text. It searches the whole text for the longest token, then the remaining text for the
 * next one. User-defined tokens always count, control tokens only if the options request it and outside of contents.
 */
final class SpecialTokenSplitter {

    /** A special token, or the text from {@code start} to {@code end} if {@code token} is negative. */
    record Fragment(int token, int start, int end) {}

    private record Special(int id, String text, boolean control, boolean stripsRight) {}

    private final List<Special> longestFirst;
    private final Map<Character, List<Integer>> byFirstChar = new HashMap<>();

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
        for (int i = 0; i < longestFirst.size(); i++) {
            byFirstChar.computeIfAbsent(longestFirst.get(i).text().charAt(0), c -> new ArrayList<>()).add(i);
        }
    }

    /**
     * The fragments of a text.
     *
     * @param marks the same text with its contents
     */
    List<Fragment> split(String text, MarkedText marks, EncodeOptions.Controls controls) {
        List<Fragment> fragments = text.isEmpty() ? List.of() : List.of(new Fragment(-1, 0, text.length()));
        var present = present(text, controls);
        for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1)) {
            fragments = split(text, marks, fragments, longestFirst.get(i));
        }
        return fragments;
    }

    /** The special tokens that occur in a text. A vocabulary can have thousands, a text has few. */
    private BitSet present(String text, EncodeOptions.Controls controls) {
        var present = new BitSet();
        for (int at = 0; at < text.length() && !byFirstChar.isEmpty(); at++) {
            for (int i : byFirstChar.getOrDefault(text.charAt(at), List.of())) {
                var special = longestFirst.get(i);
                if (!present.get(i) && text.startsWith(special.text(), at)
                        && (controls == EncodeOptions.Controls.PARSED || !special.control())) {
                    present.set(i);
                }
            }
        }
        return present;
    }

    private static List<Fragment> split(String text, MarkedText marks, List<Fragment> fragments, Special special) {
        var split = new ArrayList<Fragment>();
        for (var fragment : fragments) {
            if (fragment.token() >= 0) {
                split.add(fragment);
                continue;
            }
            int start = fragment.start();
            while (start < fragment.end()) {
                int match = find(text, marks, special, start, fragment.end());
                if (match < 0) {
                    break;
                }
                if (match > start) {
                    split.add(new Fragment(-1, start, match));
                }
                split.add(new Fragment(special.id(), match, match + special.text().length()));
                start = match + special.text().length();
                while (special.stripsRight() && start < fragment.end() && isAsciiSpace(text.charAt(start))) {
                    start++;
                }
            }
            if (start < fragment.end()) {
                split.add(new Fragment(-1, start, fragment.end()));
            }
        }
        return split;
    }

    private static int find(String text, MarkedText marks, Special special, int from, int to) {
        int match = text.indexOf(special.text(), from, to);
        while (match >= 0 && special.control() && marks.hasContent(match, match + special.text().length())) {
            match = text.indexOf(special.text(), match + 1, to);
        }
        return match;
    }

    private static boolean isAsciiSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
