package dev.kvasir.report.plot;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is written in a plot. XChart paints text as outlines of letters; knowing the words, {@link SvgCanvas} recognises
 * them and writes text again, which can be read aloud, searched and copied, and follows the page's font.
 */
final class Words {
    /** From where a text extends if the reader's font is wider or narrower than ours. */
    enum Anchor {
        START,
        MIDDLE
    }

    private final Map<String, Anchor> anchors = new LinkedHashMap<>();

    /** Text without what is not for reading; it is one of the words from now on. */
    String say(String text, Anchor anchor) {
        if (text.isBlank()) {
            return text.isEmpty() ? " " : text;
        }
        String clean = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
        anchors.putIfAbsent(clean, anchor);
        return clean;
    }

    /** All words until now. */
    Map<String, Anchor> all() {
        return anchors;
    }
}
