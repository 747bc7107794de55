package dev.kvasir.report.plot;

import java.awt.Color;
import java.util.Locale;

/**
 * The colours of plots, each in a light and a dark form. Plots are painted in the light colours. In a page, each
 * becomes the CSS variable of its name, so all light colours must differ.
 *
 * <p>The colours of series extend Okabe and Ito's palette for all kinds of colour vision; colours that readers might
 * confuse differ in lightness.
 */
public enum Tint {
    /** Background. */
    PAPER("#ffffff", "#14171b"),
    /** Text. */
    INK("#1b2028", "#e7eaee"),
    /** Axes, ticks, references. */
    MUTED("#5b6470", "#a3adba"),
    /** Grid lines. */
    GRID("#e0e4ea", "#2f363f"),
    BLUE("#0072b2", "#4da9e2"),
    VERMILLION("#d55e00", "#f58442"),
    GREEN("#009e73", "#35c79d"),
    PINK("#cc79a7", "#e6a3c7"),
    ORANGE("#e69f00", "#f4bb3d"),
    SKY("#56b4e9", "#9bd4f7"),
    WINE("#882255", "#cf6d9d"),
    INDIGO("#332288", "#978af0"),
    OLIVE("#8a8a1f", "#c3c356"),
    BROWN("#7a4a22", "#c7936a"),
    GREY("#8b929b", "#7f8894"),
    BLACK("#111418", "#f4f6f8");

    private final String light;
    private final String dark;

    Tint(String light, String dark) {
        this.light = light;
        this.dark = dark;
    }

    /** The colour on white, as #rrggbb. */
    public String light() {
        return light;
    }

    /** The colour on a dark page, as #rrggbb. */
    public String dark() {
        return dark;
    }

    /** The name of its CSS variable, with the two dashes. */
    public String variable() {
        return "--" + name().toLowerCase(Locale.ROOT);
    }

    /** The colour on white. */
    public Color color() {
        return Color.decode(light);
    }
}
