package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import dev.kvasir.kvcache.page.PageState;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The states of a page and the ways between them. */
final class StatesPicture {
    private static final double WIDTH = 154;
    private static final double HEIGHT = 92;
    private static final List<Double> COLUMNS = List.of(16.0, 203.0, 390.0);
    private static final List<Double> ROWS = List.of(80.0, 224.0, 368.0, 490.0);

    /** The states, each with the place of its box, where the page's bytes are, and a description. */
    private enum State {
        FILLING(0, 0, Ink.BLUE, "newest page,", "tokens arrive"),
        FULL(1, 0, Ink.BLUE, "its backup", "is copied"),
        BACKED_UP(2, 0, Ink.BLUE, "frame and host", "are equal"),
        RESIDENT(2, 1, Ink.BLUE, "has a frame,", "is attended"),
        LEAVING(1, 1, Ink.BLUE, "evicted before its", "backup is complete"),
        ABSENT(0, 1, Ink.ORANGE, "backup and", "digest remain"),
        COMING_EARLY(1, 2, Ink.GREEN, "the layer before", "guesses it"),
        COMING_LATE(1, 3, Ink.GREEN, "its own layer", "selects it");

        private final int column;
        private final int row;
        private final Ink ink;
        private final List<String> lines;

        State(int column, int row, Ink ink, String... lines) {
            this.column = column;
            this.row = row;
            this.ink = ink;
            this.lines = List.of(lines);
        }

        double left() {
            return COLUMNS.get(column);
        }

        double right() {
            return left() + WIDTH;
        }

        double top() {
            return ROWS.get(row);
        }

        double bottom() {
            return top() + HEIGHT;
        }

        double middle() {
            return left() + WIDTH / 2;
        }

        double centre() {
            return top() + HEIGHT / 2;
        }
    }

    private StatesPicture() {}

    static Sheet draw() {
        if (!names(State.values()).equals(names(PageState.values()))) {
            throw new IllegalStateException("draw these states, in this order: " + names(PageState.values()));
        }
        var sheet = new Sheet(598, "The states of a page and the ways between them");
        sheet.text(16, 28, "The states of a page", Type.HEADING, Ink.INK);
        legend(sheet);
        for (State state : State.values()) {
            sheet.box(state.left(), state.top(), WIDTH, HEIGHT, state.ink);
            sheet.text(state.middle(), state.top() + 29, state.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    Type.NAME, Ink.INK, Align.MIDDLE);
            sheet.lines(state.middle(), state.top() + 54, state.lines, Type.SMALL, Ink.INK, Align.MIDDLE);
        }
        beside(sheet, State.FILLING, State.FULL);
        beside(sheet, State.FULL, State.BACKED_UP);
        sheet.arrow(Ink.MUTED, State.RESIDENT.middle(), State.BACKED_UP.bottom(), State.RESIDENT.middle(),
                State.RESIDENT.top());
        sheet.arrow(Ink.MUTED, State.FULL.middle(), State.FULL.bottom(), State.LEAVING.middle(), State.LEAVING.top());
        beside(sheet, State.LEAVING, State.ABSENT);
        leaves(sheet);
        comes(sheet, State.COMING_EARLY, 20);
        comes(sheet, State.COMING_LATE, -20);
        return sheet;
    }

    private static List<String> names(Enum<?>[] states) {
        return Arrays.stream(states).map(Enum::name).toList();
    }

    private static void legend(Sheet sheet) {
        double x = 22;
        for (var entry : List.of(Map.entry("in a frame", Ink.BLUE), Map.entry("on the host alone", Ink.ORANGE),
                Map.entry("copy under way", Ink.GREEN))) {
            sheet.dot(x, 52, 6, entry.getValue());
            sheet.text(x + 13, 57, entry.getKey(), Type.PLAIN, Ink.INK);
            x += 13 + Type.PLAIN.width(entry.getKey()) + 26;
        }
    }

    private static void beside(Sheet sheet, State from, State to) {
        boolean right = from.left() < to.left();
        sheet.arrow(Ink.MUTED, right ? from.right() : from.left(), from.centre(), right ? to.left() : to.right(),
                to.centre());
    }

    /** From resident to absent, below the box between them. */
    private static void leaves(Sheet sheet) {
        double from = State.RESIDENT.left() + 20;
        double to = State.ABSENT.right() - 20;
        double below = State.LEAVING.bottom() + 26;
        sheet.arrow(Ink.MUTED, from, State.RESIDENT.bottom(), from, below, to, below, to, State.ABSENT.bottom());
    }

    /** From absent down to a copy and up to resident. */
    private static void comes(Sheet sheet, State coming, double aside) {
        double down = State.ABSENT.middle() + aside;
        double up = State.RESIDENT.middle() - aside;
        sheet.arrow(Ink.MUTED, down, State.ABSENT.bottom(), down, coming.centre(), coming.left(), coming.centre());
        sheet.arrow(Ink.MUTED, coming.right(), coming.centre(), up, coming.centre(), up, State.RESIDENT.bottom());
    }
}
