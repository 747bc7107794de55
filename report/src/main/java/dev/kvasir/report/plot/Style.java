package dev.kvasir.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.Locale;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Settings that all plots share. */
final class Style {
    /** The theme from which XChart starts; {@link #apply} changes most of it. */
    static final ChartTheme THEME = ChartTheme.XChart;
    static final Color CLEAR = new Color(255, 255, 255, 0);
    static final Font TICKS = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    static final Font LABELS = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    static final Font CELLS = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    /** The context that measures text before there is a canvas. */
    static final FontRenderContext FONTS = new FontRenderContext(null, true, false);
    /** The share of the plot's width and height between the first and the last place of an axis. */
    static final double CONTENT = 0.96;

    private static final BasicStroke HAIR = new BasicStroke(1);

    private Style() {}

    static void apply(AxesChartStyler styler, PlotArea area) {
        styler.setLocale(Locale.ROOT);
        styler.setAntiAlias(true);
        styler.setChartBackgroundColor(Tint.PAPER.color());
        styler.setChartFontColor(Tint.INK.color());
        styler.setChartPadding(8);
        styler.setChartTitleFont(TITLE);
        styler.setChartTitleFontColor(Tint.INK.color());
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitlePadding(10);
        styler.setPlotBackgroundColor(CLEAR);
        styler.setPlotBorderVisible(false);
        styler.setPlotContentSize(CONTENT);
        styler.setLegendBackgroundColor(CLEAR);
        styler.setLegendBorderColor(CLEAR);
        styler.setLegendFont(TICKS);
        styler.setLegendPadding(7);
        styler.setLegendSeriesLineLength(26);
        styler.setLegendPosition(area.narrow() ? LegendPosition.OutsideS : LegendPosition.OutsideE);
        styler.setLegendLayout(LegendLayout.Vertical);
        styler.setMarkerSize(7);
        styler.setAxisTitleFont(LABELS);
        styler.setAxisTitlePadding(8);
        styler.setAxisTickLabelsFont(TICKS);
        styler.setAxisTickLabelsColor(Tint.MUTED.color());
        styler.setAxisTickMarksColor(Tint.MUTED.color());
        styler.setAxisTickMarksStroke(HAIR);
        styler.setAxisTickMarkLength(4);
        styler.setAxisTickPadding(4);
        styler.setPlotGridLinesColor(Tint.GRID.color());
        styler.setPlotGridLinesStroke(HAIR);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotTicksMarksVisible(false);
        styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
        styler.setPlotMargin(0);
    }
}
