package dev.kvasir.report.gallery;

import dev.kvasir.report.Report;
import dev.kvasir.report.page.WholeFile;
import dev.kvasir.report.plot.Painting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the gallery: one page with a view of each scene that the reader can turn, and the first views as SVG and PNG.
 */
public final class GalleryWriter {
    private GalleryWriter() {}

    /**
     * Writes {@code gallery.html}, and pictures into {@code plots}. Creates the folder if it does not exist.
     *
     * @param origin origin of the keys
     * @param scenes at least one scene
     * @return the page
     * @throws IOException if a file cannot be written
     */
    public static Path write(Report.Origin origin, List<GalleryScene> scenes, Path folder) throws IOException {
        if (scenes.isEmpty()) {
            throw new IllegalArgumentException("a gallery shows at least one scene");
        }
        System.setProperty("java.awt.headless", "true");
        // It would use sun.misc.Unsafe, and the Java runtime prints a warning for that.
        System.setProperty("joml.nounsafe", "true");
        List<SceneView> views = new ArrayList<>();
        for (int i = 0; i < scenes.size(); i++) {
            views.add(new SceneView(scenes.get(i), i + 1));
        }
        Files.createDirectories(folder.resolve("plots"));
        for (SceneView view : views) {
            for (SceneView.KindView kind : view.kinds()) {
                picture(folder, kind.firstViewFile(), kind.firstView());
                picture(folder, kind.scoresFile(), kind.scores());
            }
        }
        Path page = folder.resolve("gallery.html");
        WholeFile.write(page, new GalleryPage(origin, views).html().getBytes(StandardCharsets.UTF_8));
        return page;
    }

    private static void picture(Path folder, String file, Painting painting) throws IOException {
        WholeFile.write(folder.resolve(file + ".svg"), painting.svg().getBytes(StandardCharsets.UTF_8));
        WholeFile.write(folder.resolve(file + ".png"), painting.png());
    }
}
