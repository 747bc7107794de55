package dev.kvasir.guide;

import dev.kvasir.report.plot.Tint;
import java.util.Locale;

/** The colours of the guide's pictures: those of reports, in light and in dark. */
enum Ink {
    /** Text. */
    INK(Tint.INK),
    /** Secondary text, arrows, axes. */
    MUTED(Tint.MUTED),
    /** Grid lines. */
    GRID(Tint.GRID),
    /** On the device; the program itself. */
    BLUE(Tint.BLUE),
    /** On the host. */
    ORANGE(Tint.VERMILLION),
    /** Under way. */
    GREEN(Tint.GREEN),
    /** Things to compare with. */
    GREY(Tint.GREY),
    /** Text on bars. */
    PAPER(Tint.PAPER);

    /** The share of the colour in a soft one. */
    private static final double LIGHT_SHARE = 0.10;
    private static final double DARK_SHARE = 0.20;

    private final Tint tint;

    Ink(Tint tint) {
        this.tint = tint;
    }

    /** The name of the CSS variable, soft for areas with text on them. */
    String variable(boolean soft) {
        return "--" + name().toLowerCase(Locale.ROOT) + (soft ? "-soft" : "");
    }

    /** The colour on light pages, as #rrggbb. */
    String light(boolean soft) {
        return soft ? mixed(tint.light(), Tint.PAPER.light(), LIGHT_SHARE) : tint.light();
    }

    /** The colour on dark pages, as #rrggbb. */
    String dark(boolean soft) {
        return soft ? mixed(tint.dark(), Tint.PAPER.dark(), DARK_SHARE) : tint.dark();
    }

    private static String mixed(String colour, String paper, double share) {
        var hex = new StringBuilder("#");
        for (int at = 1; at < colour.length(); at += 2) {
            int part = Integer.parseInt(colour, at, at + 2, 16);
            int behind = Integer.parseInt(paper, at, at + 2, 16);
            hex.append(String.format(Locale.ROOT, "%02x", Math.round(share * part + (1 - share) * behind)));
        }
        return hex.toString();
    }
}
