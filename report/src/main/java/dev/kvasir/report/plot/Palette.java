package dev.kvasir.report.plot;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The colour, marker and dash of each series, the same in all charts of a report. Policies, digests and the parts of a
 * decode step have fixed colours in all reports. Any other name gets a free colour, and so does a name whose colour is
 * taken in the same chart. With more names than colours, marker and dash distinguish names that share a colour.
 */
public final class Palette {
    /** The colour, marker and line style of a series. */
    record Look(Tint tint, Marker marker, BasicStroke stroke) {}

    private static final Map<String, Tint> OWN = Map.ofEntries(
            // policies
            Map.entry("full", Tint.BLACK), Map.entry("arkvale", Tint.BLUE),
            Map.entry("streaming-llm", Tint.VERMILLION), Map.entry("h2o", Tint.GREEN), Map.entry("tova", Tint.PINK),
            Map.entry("quest", Tint.ORANGE), Map.entry("snapkv", Tint.SKY), Map.entry("infllm", Tint.WINE),
            Map.entry("keyformer", Tint.INDIGO), Map.entry("roco", Tint.OLIVE),
            Map.entry("scissorhands", Tint.BROWN), Map.entry("random", Tint.GREY),
            // digests: boxes are cold, spheres are warm
            Map.entry("cuboid-mean", Tint.BLUE), Map.entry("cuboid-center", Tint.SKY),
            Map.entry("cuboid-max", Tint.INDIGO), Map.entry("sphere-mean", Tint.VERMILLION),
            Map.entry("sphere-center", Tint.ORANGE), Map.entry("sphere-max", Tint.WINE),
            Map.entry("cuboid-corners", Tint.GREEN), Map.entry("centroid", Tint.GREY),
            Map.entry("exact", Tint.BLACK),
            // parts of a decode step
            Map.entry("attention", Tint.BLUE), Map.entry("recall", Tint.VERMILLION), Map.entry("select", Tint.GREEN),
            Map.entry("estimate", Tint.ORANGE), Map.entry("others", Tint.GREY));

    private static final List<Tint> CHOICE = List.of(Tint.BLUE, Tint.VERMILLION, Tint.GREEN, Tint.ORANGE, Tint.PINK,
            Tint.INDIGO, Tint.SKY, Tint.WINE, Tint.OLIVE, Tint.BROWN, Tint.BLACK, Tint.GREY);

    private static final List<Marker> MARKERS = List.of(SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE,
            SeriesMarkers.TRIANGLE_UP, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.CROSS);

    private static final List<float[]> DASHES = List.of(new float[0], new float[]{7, 4}, new float[]{2, 3},
            new float[]{9, 3, 2, 3});

    private final Map<String, Tint> tints = new LinkedHashMap<>();
    private final Map<String, Look> looks = new LinkedHashMap<>();

    /** Assigns a look to each name, in order; {@code charts} holds one list of names for each chart. */
    public Palette(List<List<String>> charts) {
        Map<String, Set<String>> neighbours = new LinkedHashMap<>();
        for (List<String> chart : charts) {
            chart.forEach(name -> neighbours.computeIfAbsent(name, key -> new LinkedHashSet<>()).addAll(chart));
        }
        List<String> later = new ArrayList<>();
        neighbours.forEach((name, others) -> {
            Tint own = OWN.get(firstWord(name));
            if (own == null || taken(others).contains(own)) {
                later.add(name);
            } else {
                tints.put(name, own);
            }
        });
        later.forEach(name -> tints.put(name, free(neighbours.getOrDefault(name, Set.of()))));
        Map<Tint, Integer> turns = new EnumMap<>(Tint.class);
        int order = 0;
        for (String name : neighbours.keySet()) {
            Tint tint = tints.getOrDefault(name, Tint.BLACK);
            boolean shared = neighbours.getOrDefault(name, Set.of())
                    .stream()
                    .anyMatch(other -> looks.containsKey(other) && tints.get(other) == tint);
            int turn = shared ? turns.merge(tint, 1, Integer::sum) : 0;
            looks.put(name, new Look(tint, MARKERS.get(order++ % MARKERS.size()), stroke(2, turn)));
        }
    }

    private Set<Tint> taken(Set<String> names) {
        Set<Tint> taken = EnumSet.noneOf(Tint.class);
        tints.forEach((name, tint) -> {
            if (names.contains(name)) {
                taken.add(tint);
            }
        });
        return taken;
    }

    /** The colour that the fewest of these names use. */
    private Tint free(Set<String> names) {
        Map<Tint, Integer> uses = new EnumMap<>(Tint.class);
        tints.forEach((name, tint) -> {
            if (names.contains(name)) {
                uses.merge(tint, 1, Integer::sum);
            }
        });
        Tint least = CHOICE.getFirst();
        for (Tint tint : CHOICE) {
            if (uses.getOrDefault(tint, 0) < uses.getOrDefault(least, 0)) {
                least = tint;
            }
        }
        return least;
    }

    private static String firstWord(String name) {
        int end = 0;
        while (end < name.length() && (Character.isLetterOrDigit(name.charAt(end)) || name.charAt(end) == '-')) {
            end++;
        }
        return name.substring(0, end);
    }

    /** The look of a name of this palette. */
    Look look(String name) {
        Look look = looks.get(name);
        if (look == null) {
            throw new IllegalArgumentException("no colour was chosen for the series " + name);
        }
        return look;
    }

    /** The colour of a name of this palette. */
    public Tint tint(String name) {
        return look(name).tint();
    }

    /** A colour for the n-th item of a list without names. */
    public static Tint tint(int n) {
        return CHOICE.get(n % CHOICE.size());
    }

    /** The line style of the n-th reference line. */
    static BasicStroke reference(int n) {
        return stroke(1.5f, 1 + n % (DASHES.size() - 1));
    }

    /** A thinner stroke with the same dashes, for lines of many points. */
    static BasicStroke thin(BasicStroke stroke) {
        return new BasicStroke(1.1f, stroke.getEndCap(), stroke.getLineJoin(), stroke.getMiterLimit(),
                stroke.getDashArray(), 0);
    }

    private static BasicStroke stroke(float width, int dash) {
        float[] dashes = DASHES.get(Math.min(dash, DASHES.size() - 1));
        return dashes.length == 0
                ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
                : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0);
    }
}
