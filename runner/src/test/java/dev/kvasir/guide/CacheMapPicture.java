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

/** The packages of the cache, from the source tree, users above the packages that they use; an arrow up is part of a circle. */
final class CacheMapPicture {
    private static final String BASE = "dev.kvasir.kvcache";
    private static final String ROOT = "kvcache";
    /** The purpose of each package; of two that do not use each other, the first here stands above. */
    private static final List<Map.Entry<String, String>> PURPOSES = List.of(
            Map.entry(ROOT, "creates caches, lists policies"),
            Map.entry("paged", "sequences of pages and their decisions"),
            Map.entry("token", "sequences of single tokens"), Map.entry("device", "operations on frames"),
            Map.entry("transfer", "copies to and from the host"),
            Map.entry("policy", "which pages or tokens stay, leave, come back"),
            Map.entry("plan", "options, sizes, admission, shared interfaces"),
            Map.entry("disk", "the file of backups that memory has no room for"),
            Map.entry("page", "frames, page tables, backups, digests"),
            Map.entry("state", "saved sequences: sections and checksums"),
            Map.entry("event", "counters, trace, flight recording"), Map.entry("option", "the values of options"));

    private static final double TOP = 78;
    private static final double LEFT = 16;
    private static final double WIDTH = 356;
    private static final double HEIGHT = 58;
    private static final double EACH = 80;
    private static final double LANES = LEFT + WIDTH + 26;
    private static final double WIDEST_LANE = 22;

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
        tree.packages().forEach(name -> {
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
        sheet.text(16, 53, "Arrows point from a package to those that it uses", Type.PLAIN, Ink.MUTED);
        arrows(sheet, order, uses);
        for (int i = 0; i < order.size(); i++) {
            String name = order.get(i);
            double y = TOP + EACH * i;
            sheet.box(LEFT, y, WIDTH, HEIGHT, name.equals(ROOT) ? Ink.ORANGE : Ink.BLUE);
            sheet.text(LEFT + 16, y + 24, name, Type.NAME, Ink.INK);
            Set<String> parts = below.getOrDefault(name, Set.of());
            if (!parts.isEmpty()) {
                sheet.text(LEFT + WIDTH - 16, y + 24, "with " + String.join(", ", parts), Type.SMALL, Ink.MUTED,
                        Align.END);
            }
            sheet.text(LEFT + 16, y + 46, PURPOSES.get(place(name)).getValue(), Type.SMALL, Ink.INK);
        }
        return sheet;
    }

    private static String top(String packageName) {
        return packageName.equals(BASE) ? ROOT : packageName.substring(BASE.length() + 1).split("\\.")[0];
    }

    private static int place(String name) {
        for (int i = 0; i < PURPOSES.size(); i++) {
            if (PURPOSES.get(i).getKey().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException(
                "the map of the cache says nothing about the package %s: add its purpose".formatted(
                        name));
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

    /** Users before the packages that they use, as far as there are no circles. */
    private static List<String> ordered(Map<String, Set<String>> uses) {
        List<String> remaining = new ArrayList<>(uses.keySet());
        remaining.sort(Comparator.comparingInt(CacheMapPicture::place));
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
        double x = LANES + Math.min(WIDEST_LANE, (Sheet.WIDTH - 10 - LANES) / lanes) * lane;
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
