package dev.kvasir.report.gallery;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.report.chart.DataTable;
import dev.kvasir.report.chart.DataTable.Column;
import dev.kvasir.report.plot.Painting;
import dev.kvasir.report.plot.PlotArea;
import dev.kvasir.report.plot.ScorePlot;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A scene with its pictures, its table and its text. */
final class SceneView {
    /** Width and height of the pictures in space, in pixels. */
    static final int SIZE = 520;

    private final GalleryScene scene;
    private final int number;
    private final Solid solid;
    private final Camera camera;
    private final List<Ranking> rankings;
    /** Pages by true score, the best first. */
    private final List<Integer> order;

    /** The n-th scene of a gallery, from 1. */
    SceneView(GalleryScene scene, int number) {
        this.scene = scene;
        this.number = number;
        this.solid = Solid.of(scene);
        this.camera = Camera.around(solid.bounds(), solid.query(), SIZE);
        this.rankings = Arrays.stream(DigestKind.values()).map(kind -> Ranking.of(kind, scene)).toList();
        int[] ranks = rankings.getFirst().trueRanks();
        this.order = IntStream.range(0, ranks.length)
                .boxed()
                .sorted(Comparator.comparingInt(page -> ranks[page]))
                .toList();
    }

    GalleryScene scene() {
        return scene;
    }

    int number() {
        return number;
    }

    Solid solid() {
        return solid;
    }

    Camera camera() {
        return camera;
    }

    List<Integer> order() {
        return order;
    }

    int[] trueRanks() {
        return rankings.getFirst().trueRanks();
    }

    /** The views by kind of digest, in the order of {@link DigestKind}. */
    List<KindView> kinds() {
        return rankings.stream().map(ranking -> new KindView(this, ranking)).toList();
    }

    /** [page][key] q.k. */
    private double[][] scores() {
        double[] query = Ranking.widen(scene.query());
        return order.stream()
                .map(page -> Arrays.stream(Ranking.widen(scene.pages().get(page).keys()))
                        .mapToDouble(key -> Volume.dot(query, key))
                        .toArray())
                .toArray(double[][]::new);
    }

    /** A scene under one kind of digest. */
    record KindView(SceneView view, Ranking ranking) {
        String name() {
            return ranking.kind().optionName();
        }

        /** The picture in space. */
        Painting firstView() {
            FirstView first = new FirstView(view.solid, view.camera, ranking.kind(), view.trueRanks());
            return Painting.of(new PlotArea(SIZE, SIZE, SIZE, false), view.scene.title() + ": " + name(), first::paint);
        }

        String firstViewFile() {
            return "plots/gallery-%d-%s".formatted(view.number, name());
        }

        /** The scores of keys beside the estimates. */
        Painting scores() {
            return scores(PlotArea.WIDE, true);
        }

        Painting scores(PlotArea area, boolean titled) {
            double[][] keys = view.scores();
            double[] all = DoubleStream.concat(Arrays.stream(keys).flatMapToDouble(Arrays::stream),
                    view.rankings.stream().flatMapToDouble(each -> Arrays.stream(each.estimates()))).toArray();
            double low = Arrays.stream(all).min().orElse(0);
            double high = Arrays.stream(all).max().orElse(1);
            double room = Math.max(1e-6, high - low) * 0.04;
            return new ScorePlot(view.scene.title() + ": " + name(),
                    view.order.stream().map(page -> Integer.toString(view.scene.pages().get(page).number())).toList(),
                    keys,
                    view.order.stream().mapToDouble(page -> ranking.estimates()[page]).toArray(), low - room,
                    high + room)
                    .painting(area, titled);
        }

        String scoresFile() {
            return "plots/gallery-%d-%s-scores".formatted(view.number, name());
        }

        String sentence() {
            return ranking.sentence();
        }

        DataTable table() {
            return new DataTable("Scores and ranks with " + name(), "",
                    List.of(Column.number("page"), Column.number("max q·k"), Column.number("rank"),
                            Column.number("estimate"), Column.number("its rank"), Column.number("error")),
                    view.order.stream()
                            .map(page -> List.of(Integer.toString(view.scene.pages().get(page).number()),
                                    number("%.2f", ranking.truth()[page]), Integer.toString(ranking.trueRanks()[page]),
                                    number("%.2f", ranking.estimates()[page]), Integer.toString(ranking.ranks()[page]),
                                    number("%+.2f", ranking.errors()[page])))
                            .toList());
        }

        private static String number(String format, double value) {
            return String.format(Locale.ROOT, format, value);
        }
    }
}
