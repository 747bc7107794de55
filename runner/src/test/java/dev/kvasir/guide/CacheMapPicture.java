package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The packages of the cache, from the source tree, users above what they use; an arrow up is part of a circle. */
final class CacheMapPicture {
    private static final String BASE = "dev.kvasir.kvcache";
    private static final String ROOT = "kvcache";
    /** Which comes first of packages that do not use each other. */
    private static final List<String> READING_ORDER = List.of(ROOT, "paged", "token", "device", "transfer", "policy",
            "plan",
            "page", "event", "option");

    private static final double TOP = 78;
    private static final double LEFT = 16;
    private static final double WIDTH = 330;
    private static final double HEIGHT = 54;
    private static final double EACH = 74;
    private static final double LANES = LEFT + WIDTH + 26;
    private static final double LANE = 22;

    /** The arrows to one package from above, or those from below, of which there are none but in a circle. */
    private record Trunk(int to, List<Integer> from) {
        int first() {
            return Math.min(to, from.getFirst());
        }

        int last() {
            return Math.max(to, from.getLast());
        }

        int length() {
            return last() - first();
        }
    }

    private CacheMapPicture() {}

    static Sheet draw() {
        SourceTree tree = SourceTree.of("kvcache");
        Map<String, Set<String>> below = new TreeMap<>();
        Map<String, Integer> files = new TreeMap<>();
        tree.packages().forEach((name, count) -> {
            files.merge(top(name), count, Integer::sum);
            Set<String> names = below.computeIfAbsent(top(name), key -> new TreeSet<>());
            String[] parts = name.substring(BASE.length()).split("\\.");
            if (parts.length > 2) {
                names.add(parts[2]);
            }
        });
        Map<String, Set<String>> uses = uses(tree);
        List<String> order = ordered(uses);
        var sheet = new Sheet(TOP + EACH * order.size() - 8,
                "The packages of the cache, and which of them use which");
        sheet.text(16, 28, "The packages of the cache", Type.HEADING, Ink.INK);
        sheet.text(16, 53, "Arrows point to what a package uses", Type.PLAIN, Ink.MUTED);
        arrows(sheet, order, uses);
        for (int i = 0; i < order.size(); i++) {
            String name = order.get(i);
            double y = TOP + EACH * i;
            sheet.box(LEFT, y, WIDTH, HEIGHT, name.equals(ROOT) ? Ink.ORANGE : Ink.BLUE);
            sheet.text(LEFT + 16, y + 33, name, Type.NAME, Ink.INK);
            Set<String> parts = below.getOrDefault(name, Set.of());
            if (!parts.isEmpty()) {
                sheet.text(LEFT + 110, y + 33, String.join(" \u00b7 ", parts), Type.SMALL, Ink.INK);
            }
            sheet.text(LEFT + WIDTH - 16, y + 33, "%d files".formatted(files.get(name)), Type.SMALL, Ink.MUTED,
                    Align.END);
        }
        return sheet;
    }

    private static String top(String packageName) {
        return packageName.equals(BASE) ? ROOT : packageName.substring(BASE.length() + 1).split("\\.")[0];
    }

    private static Map<String, Set<String>> uses(SourceTree tree) {
        Map<String, Set<String>> uses = new TreeMap<>();
        tree.imports().forEach((from, targets) -> {
            Set<String> used = uses.computeIfAbsent(top(from), key -> new TreeSet<>());
            targets.stream()
                    .filter(to -> (to + ".").startsWith(BASE + "."))
                    .map(CacheMapPicture::top)
                    .filter(to -> !to.equals(top(from)))
                    .forEach(used::add);
        });
        return uses;
    }

    /** Users before what they use, as far as there are no circles. */
    private static List<String> ordered(Map<String, Set<String>> uses) {
        List<String> remaining = new ArrayList<>(uses.keySet());
        remaining.sort(Comparator.comparingInt(
                name -> READING_ORDER.contains(name) ? READING_ORDER.indexOf(name) : READING_ORDER.size()));
        List<String> order = new ArrayList<>();
        while (!remaining.isEmpty()) {
            String next = remaining.stream()
                    .filter(name -> remaining.stream()
                            .noneMatch(user -> uses.getOrDefault(user, Set.of()).contains(name)))
                    .findFirst()
                    .orElse(remaining.getFirst());
            remaining.remove(next);
            order.add(next);
        }
        return order;
    }

    private static void arrows(Sheet sheet, List<String> order, Map<String, Set<String>> uses) {
        Map<String, Set<String>> down = new TreeMap<>();
        uses.forEach((user, used) -> down.put(user,
                used.stream().filter(to -> order.indexOf(to) > order.indexOf(user)).collect(Collectors.toSet())));
        Map<String, Set<String>> direct = Arrows.reduced(down);
        List<Trunk> trunks = new ArrayList<>();
        for (int to = 0; to < order.size(); to++) {
            String used = order.get(to);
            int at = to;
            List<Integer> above = IntStream.range(0, to)
                    .filter(user -> direct.getOrDefault(order.get(user), Set.of()).contains(used))
                    .boxed()
                    .toList();
            List<Integer> under = IntStream.range(to + 1, order.size())
                    .filter(user -> uses.getOrDefault(order.get(user), Set.of()).contains(used))
                    .boxed()
                    .toList();
            if (above.contains(to - 1)) {
                double x = LEFT + WIDTH / 2;
                sheet.arrow(Ink.MUTED, x, TOP + EACH * (to - 1) + HEIGHT, x, TOP + EACH * to);
            }
            Stream.of(above.stream().filter(user -> user + 1 < at).toList(), under)
                    .filter(users -> !users.isEmpty())
                    .forEach(users -> trunks.add(new Trunk(at, users)));
        }
        trunks.sort(Comparator.comparingInt(Trunk::length).thenComparing(Trunk::to));
        Map<Integer, List<Trunk>> lanes = new HashMap<>();
        for (Trunk trunk : trunks) {
            int lane = 0;
            while (lanes.getOrDefault(lane, List.of())
                    .stream()
                    .anyMatch(other -> trunk.first() <= other.last() && other.first() <= trunk.last())) {
                lane++;
            }
            lanes.computeIfAbsent(lane, key -> new ArrayList<>()).add(trunk);
            draw(sheet, trunk, lane, trunks.size());
        }
    }

    private static void draw(Sheet sheet, Trunk trunk, int lane, int lanes) {
        double x = LANES + LANE * lane;
        double in = TOP + EACH * trunk.to() + 12;
        Ink ink = trunk.from().getFirst() < trunk.to() ? Ink.MUTED : Ink.ORANGE;
        for (int user : trunk.from()) {
            double out = TOP + EACH * user + 22 + (HEIGHT - 28) * (lane + 1) / (lanes + 1);
            sheet.line(ink, 1.8, LEFT + WIDTH, out, x, out, x, in);
            sheet.dot(x, out, 2.6, ink);
        }
        sheet.arrow(ink, x, in, LEFT + WIDTH, in);
    }
}
