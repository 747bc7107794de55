package dev.kvasir.report.plot;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The texts of a plot. XChart paints text as outlines of letters. {@link SvgCanvas} looks up each outline among these
 * texts and writes it as text again. So screen readers can read it, readers can search and copy it, and it uses the
 * page's font.
 */
final class PlotText {
    /** The point of a text that stays in place if the reader's font is wider or narrower. */
    enum Anchor {
        START,
        MIDDLE
    }

    private final Map<String, Anchor> anchors = new LinkedHashMap<>();

    /** Adds a text and returns it without control characters. */
    String add(String text, Anchor anchor) {
        if (text.isBlank()) {
            return text.isEmpty() ? " " : text;
        }
        String clean = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
        anchors.putIfAbsent(clean, anchor);
        return clean;
    }

    /** All texts so far. */
    Map<String, Anchor> all() {
        return anchors;
    }
}
