package dev.kvasir.report.gallery;

import dev.kvasir.kernels.digest.DigestKind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.joml.Vector3f;
import org.joml.primitives.AABBf;

/**
 * A scene in three dimensions. The rules of the digests build the volumes from the projected keys. A projected box of
 * the full space would no longer be a box.
 *
 * @param principal the three directions
 * @param query     its direction, of length 1
 * @param pages     the pages
 */
record Solid(Principal principal, Vector3f query, List<SolidPage> pages) {
    /**
     * A page.
     *
     * @param keys    [key] their positions
     * @param best    the key farthest along the query, of those that are drawn
     * @param volumes one for each kind, in the order of {@link DigestKind}
     */
    record SolidPage(List<Vector3f> keys, int best, List<SolidVolume> volumes) {}

    /**
     * A volume.
     *
     * @param kind     its kind
     * @param center   its middle
     * @param radii    half its edges: three equal numbers for a ball, zeros for a centroid
     * @param farthest its point farthest along the query
     */
    record SolidVolume(DigestKind kind, Vector3f center, Vector3f radii, Vector3f farthest) {}

    static Solid of(GalleryScene scene) {
        double[][] all = scene.pages()
                .stream()
                .flatMap(page -> Arrays.stream(Ranking.widen(page.keys())))
                .toArray(double[][]::new);
        Principal principal = Principal.of(all);
        double[] seen = principal.direction(Ranking.widen(scene.query()));
        List<SolidPage> pages = scene.pages()
                .stream()
                .map(page -> page(Ranking.widen(page.keys()), principal, seen))
                .toList();
        Vector3f direction = Principal.vector(seen);
        return new Solid(principal, direction.length() > 0 ? direction.normalize() : new Vector3f(1, 0, 0), pages);
    }

    private static SolidPage page(double[][] keys, Principal principal, double[] query) {
        double[][] places = Arrays.stream(keys).map(principal::place).toArray(double[][]::new);
        int best = IntStream.range(0, keys.length)
                .reduce((a, b) -> Volume.dot(query, places[b]) > Volume.dot(query, places[a]) ? b : a)
                .orElseThrow();
        return new SolidPage(Arrays.stream(places).map(Principal::vector).toList(), best,
                Arrays.stream(DigestKind.values()).map(kind -> volume(kind, places, query)).toList());
    }

    private static SolidVolume volume(DigestKind kind, double[][] places, double[] query) {
        Volume volume = Volume.of(kind, places);
        double[] radii = switch (volume.radii().length) {
            case 0 -> new double[3];
            case 1 -> new double[]{volume.radii()[0], volume.radii()[0], volume.radii()[0]};
            default -> volume.radii();
        };
        return new SolidVolume(kind, Principal.vector(volume.center()), Principal.vector(radii),
                Principal.vector(volume.farthest(query)));
    }

    /** The smallest box that holds all keys. */
    AABBf bounds() {
        AABBf bounds = new AABBf();
        pages.forEach(page -> page.keys().forEach(bounds::union));
        return bounds;
    }
}
