package dev.kvasir.model;

import java.util.List;

/** Ends a text at the first of several stops. What may become a stop is held back until it is clear. */
final class StopTexts {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    StopTexts(List<String> stops) {
        this.stops = stops;
    }

    /** Adds a piece of the text, and returns what is certain to come before any stop. */
    String add(String piece) {
        held.append(piece);
        int certain = held.length();
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0) {
                found = true;
                certain = Math.min(certain, at);
            }
        }
        return take(found ? certain : certain - heldBack());
    }

    /** Whether the text has ended with a stop. */
    boolean isFound() {
        return found;
    }

    /** What was held back, at the end of a text without a stop. */
    String end() {
        return found ? "" : take(held.length());
    }

    private String take(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    /** Letters at the end that may be the beginning of a stop. */
    private int heldBack() {
        int most = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > most; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    most = n;
                }
            }
        }
        return most;
    }
}
