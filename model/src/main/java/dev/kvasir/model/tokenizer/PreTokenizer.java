package dev.kvasir.model.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Splits text into words. Byte-level merging never crosses the end of a word.
 *
 * @param passes patterns that are applied in turn; each splits every piece of the previous pattern into its matches and
 *             the text between them
 * @param wholeWordsFirst whether a word that is a token is used without merging
 * @param addsBos whether texts begin with the token that begins a sequence, if the file does not define it
 */
record PreTokenizer(List<Pattern> passes, boolean wholeWordsFirst, boolean addsBos) {

    static PreTokenizer of(String... passes) {
        var patterns = Arrays.stream(passes).map(p -> Pattern.compile(p, Pattern.UNICODE_CHARACTER_CLASS)).toList();
        return new PreTokenizer(patterns, false, false);
    }

    PreTokenizer withWholeWordsFirst() {
        return new PreTokenizer(passes, true, addsBos);
    }

    PreTokenizer withBos() {
        return new PreTokenizer(passes, wholeWordsFirst, true);
    }

    /** The ends of the words of a text in ascending order. The last one is the length of the text. */
    int[] cut(String text) {
        var ends = new IntList();
        if (!text.isEmpty()) {
            ends.add(text.length());
        }
        for (var pass : passes) {
            ends = cut(text, ends, pass);
        }
        return ends.toArray();
    }

    private static IntList cut(String text, IntList pieces, Pattern pass) {
        var ends = new IntList();
        var matcher = pass.matcher(text);
        int start = 0;
        for (int i = 0; i < pieces.size(); i++) {
            int end = pieces.get(i);
            // Anchors and look-around stop at the ends of the piece, as if it were the whole text.
            matcher.region(start, end);
            while (start < end && matcher.find()) {
                if (matcher.start() > start) {
                    ends.add(matcher.start());
                }
                ends.add(matcher.end());
                start = matcher.end();
            }
            if (start < end) {
                ends.add(end);
            }
            start = end;
        }
        return ends;
    }
}
