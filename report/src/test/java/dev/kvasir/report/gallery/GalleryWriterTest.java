package dev.kvasir.report.gallery;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.report.Report;
import dev.kvasir.report.gallery.GalleryScene.PageOfKeys;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.joml.Vector3f;
import org.joml.primitives.AABBf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class GalleryWriterTest {
    private static final Report.Origin ORIGIN = new Report.Origin("experiment digests --gallery <&>", "m", "h", "c",
            "v", 1,
            "2026-11-21");

    @TempDir
    Path folder;

    @Test
    void writesOnePageThatNeedsNoNetworkAndTheSameBytesAgain() throws Exception {
        List<GalleryScene> scenes = List.of(scene("one", 32, 8), scene("<two>", 5, 3));

        String page = Files.readString(GalleryWriter.write(ORIGIN, scenes, folder.resolve("a")));
        String again = Files.readString(GalleryWriter.write(ORIGIN, scenes, folder.resolve("b")));

        assertThat(page).isEqualTo(again).contains("&lt;two&gt;", "--gallery &lt;&amp;&gt;").doesNotContain("<two>");
        assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:", "src=", "<link");
        for (DigestKind kind : DigestKind.values()) {
            assertThat(page).contains("data-kind=\"" + kind.optionName() + "\"", kind.optionName() + " finds ");
        }
        try (Stream<Path> files = Files.list(folder.resolve("a/plots"))) {
            assertThat(files).hasSize(2 * DigestKind.values().length * 4);
        }
        BufferedImage view = ImageIO.read(folder.resolve("a/plots/gallery-1-cuboid-max.png").toFile());
        assertThat(view.getWidth()).isEqualTo(2 * SceneView.SIZE).isEqualTo(view.getHeight());
    }

    @Test
    void volumesHaveTheRadiiAndEstimatesOfTheirDefinition() {
        double[][] keys = {{1, 0, 2}, {3, -2, 0}, {-1, 4, 1}, {1, 2, -3}};
        double[] query = {1, -1, 2};

        assertThat(Volume.of(DigestKind.CENTROID, keys).center()).containsExactly(1, 1, 0);
        assertThat(Volume.of(DigestKind.CUBOID_MAX, keys).center()).containsExactly(1, 1, -0.5);
        assertThat(Volume.of(DigestKind.CUBOID_MAX, keys).radii()).containsExactly(2, 3, 2.5);
        assertThat(Volume.of(DigestKind.CUBOID_CENTER, keys).radii()).containsExactly(1, 2, 1.5);
        assertThat(Volume.of(DigestKind.CUBOID_MEAN, keys).radii()).containsExactly(1, 2, 1.75);
        assertThat(Volume.of(DigestKind.SPHERE_MAX, keys).radii()[0]).isCloseTo(3.905125, within(1e-6));
        assertThat(Volume.of(DigestKind.SPHERE_CENTER, keys).radii()[0]).isCloseTo(3.298854, within(1e-6));
        assertThat(Volume.of(DigestKind.SPHERE_MEAN, keys).radii()[0]).isCloseTo(3.232586, within(1e-6));
        // q.c + sum |q_i| r_i and q.c + r |q|, with q.c = -1
        assertThat(Volume.of(DigestKind.CUBOID_MEAN, keys).estimate(query)).isCloseTo(-1 + 1 + 2 + 3.5, within(1e-12));
        assertThat(Volume.of(DigestKind.SPHERE_MEAN, keys).estimate(query))
                .isCloseTo(-1 + 3.232586 * Math.sqrt(6), within(1e-5));
    }

    @Test
    void onlyTheHullsNeverEstimateTooLow() {
        GalleryScene scene = scene("s", 16, 12);

        for (DigestKind kind : List.of(DigestKind.CUBOID_MAX, DigestKind.SPHERE_MAX)) {
            assertThat(Arrays.stream(Ranking.of(kind, scene).errors())).allMatch(error -> error >= -1e-9);
        }
        assertThat(Arrays.stream(Ranking.of(DigestKind.CENTROID, scene).errors())).anyMatch(error -> error < 0);
    }

    @Test
    void principalDirectionsKeepWhatLiesInThreeDimensions() {
        Random random = new Random(7);
        double[][] keys = new double[50][6];
        for (double[] key : keys) {
            double[] place = {random.nextGaussian() * 5, random.nextGaussian() * 2, random.nextGaussian()};
            key[0] = place[0] + 3;
            key[2] = place[1] - 1;
            key[5] = place[2];
        }

        Principal principal = Principal.of(keys);

        assertThat(principal.explained()).isCloseTo(1, within(1e-9));
        double before = distance(keys[0], keys[1]);
        assertThat(distance(principal.place(keys[0]), principal.place(keys[1]))).isCloseTo(before, within(1e-9));
    }

    @Test
    void theCameraSeesAllOfItsBoxAndFartherThingsSmaller() {
        AABBf bounds = new AABBf(-1, -2, -3, 4, 5, 6);
        Vector3f query = new Vector3f(-0.6f, 0.48f, 0.64f);
        Camera camera = Camera.around(bounds, query, 400);

        for (int i = 0; i < 8; i++) {
            Camera.Spot spot = camera
                    .see(new Vector3f((i & 1) == 0 ? -1 : 4, (i & 2) == 0 ? -2 : 5, (i & 4) == 0 ? -3 : 6));
            assertThat(spot.x()).isBetween(0.0, 400.0);
            assertThat(spot.y()).isBetween(0.0, 400.0);
        }
        Camera.Spot middle = camera.see(camera.middle());
        assertThat(middle.x()).isCloseTo(200, within(0.01));
        Camera.Spot ahead = camera.see(new Vector3f(camera.middle()).add(query));
        assertThat(ahead.x()).isGreaterThan(middle.x());
        assertThat(ahead.depth()).isCloseTo(middle.depth(), within(1e-3));
        Vector3f near = new Vector3f((float) Math.sin(camera.yaw()), 0.3f, (float) Math.cos(camera.yaw()));
        assertThat(camera.seeRadius(new Vector3f(camera.middle()).add(near), 0.5))
                .isGreaterThan(camera.seeRadius(new Vector3f(camera.middle()).sub(near), 0.5));
    }

    @Test
    void drawsKeysThatFillFewerThanThreeDimensions() throws Exception {
        float[][] same = {{1, 1}, {1, 1}};
        float[][] other = {{2, 1}, {1, 1}};
        GalleryScene flat = new GalleryScene("flat", "", new float[]{0, 0},
                List.of(new PageOfKeys(0, same), new PageOfKeys(1, other), new PageOfKeys(2, same)), 1);

        String page = Files.readString(GalleryWriter.write(ORIGIN, List.of(flat), folder));

        assertThat(page).doesNotContain("\"query\":[NaN", ",NaN", "[NaN", "\"NaN\"");
    }

    @Test
    void refusesScenesThatCompareNothing() {
        PageOfKeys page = new PageOfKeys(3, new float[][]{{1, 2}});

        assertThatThrownBy(() -> new GalleryScene("t", "", new float[2], List.of(page), 1))
                .hasMessageContaining("at least 2 are compared");
        assertThatThrownBy(() -> new GalleryScene("t", "", new float[3], List.of(page, page), 1))
                .hasMessageContaining("a key of page 3 has 2 numbers, the query has 3");
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    /** Pages whose keys lie around a middle, with one outlier now and then, as keys of models do. */
    static GalleryScene scene(String title, int headDim, int pages) {
        Random random = new Random(42);
        float[] query = new float[headDim];
        for (int i = 0; i < headDim; i++) {
            query[i] = (float) random.nextGaussian();
        }
        List<PageOfKeys> all = new ArrayList<>();
        for (int page = 0; page < pages; page++) {
            float[][] keys = new float[16][headDim];
            float[] middle = new float[headDim];
            for (int i = 0; i < headDim; i++) {
                middle[i] = (float) random.nextGaussian() * (i < 4 ? 3 : 0.7f);
            }
            for (float[] key : keys) {
                double spread = random.nextInt(10) == 0 ? 2 : 0.6;
                for (int i = 0; i < headDim; i++) {
                    key[i] = middle[i] + (float) (random.nextGaussian() * spread);
                }
            }
            all.add(new PageOfKeys(3 * page + 1, keys));
        }
        return new GalleryScene(title, "Random pages.", query, all, Math.max(1, pages / 3));
    }
}
