package dev.kvasir.report.gallery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.report.Report;
import dev.kvasir.report.gallery.SceneView.KindView;
import dev.kvasir.report.gallery.Solid.SolidPage;
import dev.kvasir.report.page.Html;
import dev.kvasir.report.page.Stylesheet;
import dev.kvasir.report.plot.Palette;
import dev.kvasir.report.plot.PlotArea;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.joml.Vector3f;

/** Writes the gallery as HTML. Without its script, the page shows the first view under the default digest. */
final class GalleryPage {
    private static final DigestKind SHOWN = DigestKind.CUBOID_MEAN;
    private static final String SUMMARY = """
            A small volume, the digest, stands for the keys of a page. Whether the page is recalled depends on an estimate: how \
            high could a key in this volume score with the query q? The estimate is taken at the point of the volume that lies \
            farthest along q (◆). The true score is that of the key that lies farthest along q (○). Look along the arrow: the \
            distance between the two marks is the error. It does no harm if it is the same on every page.

            The tight hull, cuboid-max, holds every key, so its estimate is never too low. But its corner lies where no key \
            is. One outlying key decides that distance, and it differs from page to page, so pages are put in the wrong \
            order. A box with mean radii does not hold every key, and its estimate may be too high or too low. But it follows \
            where most keys are. Only the order of pages matters: \
            compare the spread of the errors below while you switch between digests.""";

    private final Report.Origin origin;
    private final List<SceneView> views;

    GalleryPage(Report.Origin origin, List<SceneView> views) {
        this.origin = origin;
        this.views = views;
    }

    String html() {
        Html html = new Html("The geometry of digests",
                Stylesheet.text() + Stylesheet.resource(GalleryPage.class, "gallery.css"));
        html.raw("<header>\n<h1>The geometry of digests</h1>\n")
                .paragraphs(SUMMARY, "summary")
                .origin(origin)
                .raw("</header>\n<main>\n");
        views.forEach(view -> scene(html, view));
        html.raw("</main>\n<script>\n", Stylesheet.resource(GalleryPage.class, "gallery.js"), "</script>\n");
        return html.end();
    }

    private static void scene(Html html, SceneView view) {
        GalleryScene scene = view.scene();
        html.raw("<section class=\"scene\">\n<h2>").text(scene.title()).raw("</h2>\n").paragraphs(scene.text(), "text");
        html.raw("<fieldset class=\"choice\"><legend>Digest</legend>\n");
        for (KindView kind : view.kinds()) {
            html.raw("<label><input type=\"radio\" name=\"kind-" + view.number() + "\" value=\"", kind.name(), "\"",
                    kind.ranking().kind() == SHOWN ? " checked" : "", "> ", kind.name(), "</label>\n");
        }
        html.raw(
                "</fieldset>\n<div class=\"stage-and-pages\">\n<div class=\"stage\" tabindex=\"0\" role=\"application\" ")
                .raw("aria-label=\"Keys and volumes in three dimensions. Arrow keys turn the view, plus and minus come nearer ")
                .raw("and go away. The numbers are in the table below.\">")
                .raw(view.kinds().get(SHOWN.ordinal()).firstView().svgForPage("g" + view.number() + "-"))
                .raw("</div>\n");
        pages(html, view);
        html.raw(
                "</div>\n<p class=\"hint\">Drag or use the arrow keys to turn. The three directions are those in which the keys ")
                .raw("differ most; they hold ")
                .text(String.format(Locale.ROOT, "%.0f %%", 100 * view.solid().principal().explained()))
                .raw(" of the variance of " + scene.headDim()
                        + " dimensions. Volumes and marks are drawn for the keys "
                        + "as they lie there; scores, estimates and ranks below are those of all dimensions.</p>\n");
        for (KindView kind : view.kinds()) {
            kind(html, kind, view.number());
        }
        html.raw("<script type=\"application/json\">", json(view), "</script>\n</section>\n");
    }

    private static void pages(Html html, SceneView view) {
        html.raw("<div class=\"pages\" role=\"group\" aria-label=\"Pages, the best first\">\n");
        for (int page : view.order()) {
            int rank = view.trueRanks()[page];
            html.raw("<button type=\"button\" aria-pressed=\"false\" data-page=\"" + page
                    + "\"><i style=\"background:var("
                    + Palette.tint(rank - 1).variable() + ")\"></i>page " + view.scene().pages().get(page).number()
                    + "</button>\n");
        }
        html.raw("</div>\n");
    }

    private static void kind(Html html, KindView kind, int number) {
        boolean shown = kind.ranking().kind() == SHOWN;
        String id = number + kind.name();
        html.raw("<div class=\"kind\" data-kind=\"", kind.name(), "\"", shown ? "" : " hidden",
                ">\n<p class=\"finding\">")
                .text(kind.sentence())
                .raw("</p>\n<div class=\"plot\" role=\"img\" aria-label=\"Scores of all keys by page, and the estimates of ")
                .raw(kind.name(), ".\">\n<div class=\"wide\">",
                        kind.scores(PlotArea.WIDE, false).svgForPage("w" + id + "-"))
                .raw("</div>\n<div class=\"narrow\">", kind.scores(PlotArea.NARROW, false).svgForPage("n" + id + "-"))
                .raw("</div>\n</div>\n<div class=\"behind\"><details><summary>Numbers</summary>\n")
                .table(kind.table())
                .raw("</details><p class=\"files\">");
        link(html, kind.firstViewFile() + ".svg", "view SVG");
        link(html, kind.firstViewFile() + ".png", "view PNG");
        link(html, kind.scoresFile() + ".svg", "scores SVG");
        link(html, kind.scoresFile() + ".png", "scores PNG");
        html.raw("</p></div>\n</div>\n");
    }

    private static void link(Html html, String file, String name) {
        html.raw("<a href=\"").attribute(file).raw("\">", name, "</a>");
    }

    /** The data that the script draws. */
    private static String json(SceneView view) {
        Map<String, Object> data = new LinkedHashMap<>();
        Camera camera = view.camera();
        data.put("size", camera.size());
        data.put("slope", round(Math.tan(Camera.VIEW / 2)));
        data.put("reach", round(camera.distance() * Math.sin(Camera.VIEW / 2) * 0.8));
        data.put("middle", list(camera.middle()));
        data.put("distance", round(camera.distance()));
        data.put("yaw", round(camera.yaw()));
        data.put("pitch", round(camera.pitch()));
        data.put("query", list(view.solid().query()));
        data.put("kinds", view.kinds().stream().map(KindView::name).toList());
        data.put("boxes", view.kinds().stream().map(kind -> Volume.isBox(kind.ranking().kind())).toList());
        List<Object> pages = new ArrayList<>();
        for (int i = 0; i < view.solid().pages().size(); i++) {
            pages.add(page(view.solid().pages().get(i), Palette.tint(view.trueRanks()[i] - 1).variable()));
        }
        data.put("pages", pages);
        try {
            return new ObjectMapper().writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and names do not become JSON", e);
        }
    }

    private static Map<String, Object> page(SolidPage page, String variable) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("color", "var(" + variable + ")");
        data.put("keys", page.keys().stream().map(GalleryPage::list).toList());
        data.put("best", page.best());
        data.put("volumes", page.volumes()
                .stream()
                .map(volume -> List.of(list(volume.center()), list(volume.radii()), list(volume.farthest())))
                .toList());
        return data;
    }

    private static List<Double> list(Vector3f point) {
        return List.of(round(point.x), round(point.y), round(point.z));
    }

    private static double round(double number) {
        return Math.rint(number * 1e4) / 1e4;
    }
}
