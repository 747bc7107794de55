package dev.kvasir.lab.study;

import dev.kvasir.lab.Cell;
import dev.kvasir.lab.Parameters;
import dev.kvasir.lab.Result;
import dev.kvasir.lab.Results;
import dev.kvasir.lab.Row;
import dev.kvasir.lab.study.trace.AttentionTrace;
import dev.kvasir.lab.study.trace.Disagreement;
import dev.kvasir.report.gallery.GalleryScene;
import dev.kvasir.report.gallery.GalleryScene.PageOfKeys;
import java.util.ArrayList;
import java.util.List;

/**
 * The scenes of the gallery as rows of results, and back: the queries of a text for which mean radii and the tight hull
 * disagree most, with the keys of the pages concerned.
 */
final class GalleryRows {
    /** The axis that only these rows have. */
    static final String SCENE = "scene";

    private static final int SCENES = 3; // of a text
    private static final int WINNERS = 3; // pages on which rankings are compared
    private static final double DIGITS = 1e5; // precise enough to draw, and short in the file

    private GalleryRows() {}

    /** The scenes of a recorded text. */
    static List<Row> of(AttentionTrace trace, Cell cell) {
        var search = Disagreement.search(trace, cell.cache().pageSize(), cell.cache().kvType());
        String text = ("Over the question and answer of this text and all layers and query heads, the mean radii rank the "
                + "truly most important page higher than the tight hull does for %d of %d queries, and lower for %d.")
                .formatted(search.meanAhead(), search.queries(), search.maxAhead());
        List<Row> rows = new ArrayList<>();
        for (var one : search.strongest().subList(0, Math.min(SCENES, search.strongest().size()))) {
            String title = "%s of %s tokens, layer %d, query head %d, step %d of %d".formatted(
                    cell.text(StudyText.TEXT), cell.text(Parameters.LENGTH), one.layer(), one.queryHead(), one.step(),
                    trace.steps());
            String why = "Page %d has the key with the highest score for this query. By mean radii it ranks %d of %d pages, by the tight hull %d: hulls of other pages have corners far from every key."
                    .formatted(one.best(), one.rankByMean() + 1, trace.position(one.step()) / cell.cache().pageSize(),
                            one.rankByMax() + 1);
            rows.add(Row.empty()
                    .on(SCENE, rows.size())
                    .with("title", title)
                    .with("text", why + " " + text)
                    .with("query", numbers(trace.queries(one.layer()),
                            one.step() * trace.queryStride() + one.queryHead() * trace.shape().headDim(),
                            trace.shape().headDim()))
                    .with("page_numbers", one.pages().stream().mapToDouble(Integer::doubleValue).toArray())
                    .with("keys", keys(trace, one, cell.cache().pageSize())));
        }
        return rows;
    }

    /** {@code [pages][pageSize][headDim]}, flat. */
    private static double[] keys(AttentionTrace trace, Disagreement one, int pageSize) {
        var shape = trace.shape();
        int headDim = shape.headDim();
        int kvHead = one.queryHead() / (shape.queryHeads() / shape.kvHeads());
        double[] keys = new double[one.pages().size() * pageSize * headDim];
        int at = 0;
        for (int page : one.pages()) {
            for (int token = page * pageSize; token < (page + 1) * pageSize; token++) {
                double[] key = numbers(trace.keys(one.layer()), token * trace.keyStride() + kvHead * headDim, headDim);
                System.arraycopy(key, 0, keys, at, headDim);
                at += headDim;
            }
        }
        return keys;
    }

    private static double[] numbers(float[] from, int offset, int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.round(from[offset + i] * DIGITS) / DIGITS;
        }
        return numbers;
    }

    /** The scenes among the results of a run. */
    static List<GalleryScene> scenes(Results results) {
        return results.all()
                .stream()
                .filter(result -> !result.axis(SCENE).isEmpty())
                .map(GalleryRows::scene)
                .toList();
    }

    /** The results that are not scenes. */
    static Results others(Results results) {
        return new Results(results.all().stream().filter(result -> result.axis(SCENE).isEmpty()).toList());
    }

    private static GalleryScene scene(Result result) {
        float[] query = floats(result.numbers("query"), 0, result.numbers("query").length);
        double[] numbers = result.numbers("page_numbers");
        double[] keys = result.numbers("keys");
        int pageSize = keys.length / numbers.length / query.length;
        List<PageOfKeys> pages = new ArrayList<>();
        for (int page = 0; page < numbers.length; page++) {
            float[][] own = new float[pageSize][];
            for (int token = 0; token < pageSize; token++) {
                own[token] = floats(keys, (page * pageSize + token) * query.length, query.length);
            }
            pages.add(new PageOfKeys((int) numbers[page], own));
        }
        return new GalleryScene(result.text("title"), result.text("text"), query, pages, WINNERS);
    }

    private static float[] floats(double[] from, int offset, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) from[offset + i];
        }
        return floats;
    }
}
