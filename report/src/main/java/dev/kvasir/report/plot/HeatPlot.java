package dev.kvasir.report.plot;

import dev.kvasir.report.chart.Axis;
import dev.kvasir.report.chart.HeatMap;
import java.awt.Color;
import java.text.DecimalFormat;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.HeatMapStyler;

/**
 * Heat maps. Shares go from orange over white to blue, so that failures stand out for all kinds of colour vision. Other
 * values go from pale to full blue. Missing values leave an empty cell. All colours are light enough for dark digits on
 * top.
 */
final class HeatPlot {
    private static final Color[] SHARES = {new Color(0xe8743b), new Color(0xf6c6a0), new Color(0xf4f1ea),
        new Color(0xb4d6ee), new Color(0x5fa9dc)};
    private static final Color[] VALUES = {new Color(0xe3eef7), new Color(0xa9cfea), new Color(0x5fa9dc)};
    /** Colour of text in cells. It is dark in light and dark pages, because cells are light in both. */
    static final Color CELL_INK = new Color(0x10151c);

    private HeatPlot() {}

    /** An area as high as the rows need. */
    static PlotArea area(HeatMap data, PlotArea area) {
        int rows = Math.max(2, data.rows().size());
        return area.withHeight(Math.min(130 + rows * 26, 1400));
    }

    static HeatMapChart of(HeatMap data, PlotArea area, PlotText words) {
        HeatMapChart chart = new HeatMapChart(area.width(), area.height(), Style.THEME);
        HeatMapStyler styler = chart.getStyler();
        Style.apply(styler, area);
        styler.setPlotContentSize(1);
        styler.setPlotGridLinesVisible(false);
        styler.setLegendVisible(false);
        styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
        chart.setYAxisTitle(words.add(data.down(), PlotText.Anchor.MIDDLE));
        BarGroups.label(chart, data.across(), data.columns(), BarGroups.room(area, false), words);

        boolean share = data.value().scale() == Axis.Scale.SHARE;
        int factor = share ? 100 : 1;
        int last = data.rows().size() - 1;
        double most = 0;
        List<Number[]> cells = new ArrayList<>();
        for (int row = 0; row <= last; row++) {
            for (int column = 0; column < data.columns().size(); column++) {
                double value = factor * data.cells().get(row).get(column);
                if (Double.isFinite(value)) {
                    most = Math.max(most, Math.abs(value));
                    cells.add(new Number[]{column, last - row, value});
                }
            }
        }
        String pattern = share || most >= 100 ? "0" : most >= 10 ? "0.0" : "0.00";
        chart.addSeries("cells", BarGroups.names(data.columns(), words),
                BarGroups.names(data.rows(), words).reversed(), cells);
        styler.setRangeColors(share ? SHARES : VALUES);
        styler.setHeatMapValueDecimalPattern(pattern);
        styler.setMin(Double.isFinite(data.value().min()) ? factor * data.value().min() : least(cells));
        styler.setMax(Double.isFinite(data.value().max()) ? factor * data.value().max() : most(cells));
        double room = area.width() * 0.85 / Math.max(1, data.columns().size());
        styler.setShowValue(room > (share ? 26 : 40))
                .setValueFont(Style.CELLS)
                .setValueFontColor(CELL_INK);
        DecimalFormat format = new DecimalFormat(pattern);
        cells.forEach(cell -> words.add(format.format(cell[2]), PlotText.Anchor.MIDDLE));
        chart.addAnnotation(new CellGaps(data.columns().size(), data.rows().size()));
        return chart;
    }

    private static double least(List<Number[]> cells) {
        return cells.stream().mapToDouble(cell -> cell[2].doubleValue()).min().orElse(0);
    }

    private static double most(List<Number[]> cells) {
        return cells.stream().mapToDouble(cell -> cell[2].doubleValue()).max().orElse(1);
    }
}
