package dev.kvasir.model.chat.jinja;

import java.util.Arrays;

/** Collects characters with their marks. The limits count every one. */
final class TextBuilder {

    private final RenderLimits limits;
    private int[] points = new int[32];
    private int length;

    TextBuilder(RenderLimits limits) {
        this.limits = limits;
    }

    int length() {
        return length;
    }

    TextBuilder add(Text text) {
        return add(text, 0, text.length());
    }

    TextBuilder add(Text text, int from, int to) {
        reserve(to - from);
        for (int i = from; i < to; i++) {
            points[length++] = text.marked(i);
        }
        return this;
    }

    /** Adds characters of the template. */
    TextBuilder add(String text) {
        return addAs(text, 0);
    }

    /** Adds characters with the mark of another one. */
    TextBuilder addAs(String text, int marked) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            points[length++] = Text.markAs(text.codePointAt(i), marked);
        }
        return this;
    }

    /** Adds one character with its mark. */
    TextBuilder addMarked(int marked) {
        reserve(1);
        points[length++] = marked;
        return this;
    }

    /** Adds a text several times. */
    TextBuilder repeat(Text text, long times) {
        if (times > 0 && !text.isEmpty()) {
            limits.check(length, Math.multiplyHigh(text.length(), times) != 0
                    ? Long.MAX_VALUE / 2
                    : text.length() * times);
            for (long i = 0; i < times; i++) {
                add(text);
            }
        }
        return this;
    }

    private void reserve(int more) {
        limits.grow(length, more);
        if (length + more > points.length) {
            points = Arrays.copyOf(points, Math.max(length + more, 2 * points.length));
        }
    }

    Text text() {
        return Text.ofMarked(points, length);
    }
}
