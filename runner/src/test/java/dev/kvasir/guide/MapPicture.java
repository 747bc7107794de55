package dev.kvasir.guide;

import dev.kvasir.guide.Sheet.Align;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The modules with their packages, from the source tree; the arrows from their poms. */
final class MapPicture {
    /** Rows from above, with the one or two modules in each; the second stands at the side. */
    private static final List<List<String>> ROWS = List.of(List.of("runner", "benchmarks"), List.of("lab"),
            List.of("model", "report"), List.of("kvcache"), List.of("tornado-kernels"), List.of("tornado-sim"));

    private static final Pattern MODULE = Pattern.compile("<module>([a-z-]+)</module>");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<groupId>dev\\.kvasir</groupId>\\s*<artifactId>([a-z-]+)</artifactId>(?!\\s*<version>|\\s*<scope>test)");
    private static final double LEFT = 16;
    private static final double WIDE = 330;
    private static final double SIDE = 376;
    private static final double NARROW = 168;
    private static final double GAP = 32;

    private record Box(double x, double y, double width, double height, int row, List<String> lines) {}

    private MapPicture() {}

    static Sheet draw() {
        List<String> modules = modules();
        Map<String, Box> boxes = new LinkedHashMap<>();
        double y = 54;
        for (int row = 0; row < ROWS.size(); row++) {
            List<String> inRow = ROWS.get(row).stream().filter(modules::contains).toList();
            double highest = 0;
            for (String module : inRow) {
                boolean aside = ROWS.get(row).indexOf(module) > 0;
                double width = aside ? NARROW : WIDE;
                List<String> lines = Sheet.wrapped(packages(module), " \u00b7 ", width - 34, Type.SMALL);
                double height = 46 + lines.size() * Type.SMALL.leading() + (lines.isEmpty() ? 0 : 6);
                boxes.put(module, new Box(aside ? SIDE : LEFT, y, width, height, row, lines));
                highest = Math.max(highest, height);
            }
            y += inRow.isEmpty() ? 0 : highest + GAP;
        }
        if (!boxes.keySet().containsAll(modules)) {
            throw new IllegalStateException(
                    "the map has places for %s and the project has %s: give each a place".formatted(
                            boxes.keySet(), modules));
        }
        var sheet = new Sheet(y - GAP + 12,
                "The modules and their packages; arrows point from a module to those that it uses");
        sheet.text(16, 28, "Modules and packages", Type.HEADING, Ink.INK);
        arrows(sheet, boxes);
        boxes.forEach((module, box) -> {
            sheet.box(box.x(), box.y(), box.width(), box.height(), box.x() == LEFT ? Ink.BLUE : Ink.GREY);
            sheet.text(box.x() + 16, box.y() + 29, module, Type.NAME, Ink.INK);
            sheet.lines(box.x() + 16, box.y() + 54, box.lines(), Type.SMALL, Ink.INK, Align.START);
        });
        return sheet;
    }

    private static List<String> modules() {
        List<String> modules = new ArrayList<>();
        Matcher module = MODULE.matcher(pom("."));
        while (module.find()) {
            modules.add(module.group(1));
        }
        return modules;
    }

    private static String pom(String folder) {
        try {
            return Files.readString(Project.ROOT.resolve(folder).resolve("pom.xml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The packages just below the module's own, and those of other roots. */
    private static List<String> packages(String module) {
        Set<String> names = new TreeSet<>();
        String own = "dev.kvasir.%s.".formatted(module.substring(module.indexOf('-') + 1));
        for (String name : SourceTree.of(module).packages()) {
            if (name.startsWith(own)) {
                names.add(name.substring(own.length()).split("\\.")[0]);
            } else if (!(name + ".").equals(own)) {
                String[] parts = name.split("\\.");
                names.add(name.startsWith("dev.kvasir.") ? parts[2] : "TornadoVM\u2019s API");
            }
        }
        return List.copyOf(names);
    }

    private static void arrows(Sheet sheet, Map<String, Box> boxes) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (String module : boxes.keySet()) {
            Set<String> used = uses.computeIfAbsent(module, key -> new TreeSet<>());
            Matcher dependency = DEPENDENCY.matcher(pom(module));
            while (dependency.find()) {
                if (boxes.containsKey(dependency.group(1))) {
                    used.add(dependency.group(1));
                }
            }
        }
        Map<String, Set<String>> direct = Arrows.reduced(uses);
        boxes.forEach((from, user) -> boxes.forEach((to, used) -> {
            if (direct.getOrDefault(from, Set.of()).contains(to)) {
                arrow(sheet, user, used);
            }
        }));
    }

    private static void arrow(Sheet sheet, Box from, Box to) {
        if (from.row() == to.row()) {
            sheet.arrow(Ink.MUTED, from.x(), from.y() + 24, to.x() + to.width(), from.y() + 24);
        } else if (from.x() == to.x()) {
            double x = from.x() + from.width() / 2;
            sheet.arrow(Ink.MUTED, x, from.y() + from.height(), x, to.y());
        } else if (from.x() < to.x()) {
            double x = to.x() + to.width() / 2;
            double y = from.y() + Math.min(24, from.height() / 2);
            sheet.arrow(Ink.MUTED, from.x() + from.width(), y, x, y, x, to.y());
        } else {
            double y = to.y() + Math.min(24, to.height() / 2);
            double x = from.x() + from.width() / 2;
            sheet.arrow(Ink.MUTED, x, from.y() + from.height(), x, y, to.x() + to.width(), y);
        }
    }
}
