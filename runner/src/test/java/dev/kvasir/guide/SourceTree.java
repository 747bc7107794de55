package dev.kvasir.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The main sources of a module.
 *
 * @param module name of the module
 * @param files  the source files but for package descriptions, relative to its root of sources
 */
record SourceTree(String module, List<Path> files) {
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([a-z0-9_.]+)\\.[A-Z]",
            Pattern.MULTILINE);

    /** Reads the tree of a module. */
    static SourceTree of(String module) {
        Path root = root(module);
        try (var walk = Files.walk(root)) {
            return new SourceTree(module, walk.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java") && !file.endsWith("module-info.java"))
                    .map(root::relativize)
                    .sorted()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root(String module) {
        return Project.ROOT.resolve(module).resolve("src/main/java");
    }

    /** The name of the only class whose path ends like this: {@code vector/RmsNorm}. */
    String only(String path) {
        List<Path> found = files.stream().filter(file -> file.endsWith(path + ".java")).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(
                    "%s has %d classes %s and the picture shows one: change the picture".formatted(
                            module, found.size(), path));
        }
        return path.substring(path.indexOf('/') + 1);
    }

    /** Its packages by name. */
    Set<String> packages() {
        return files.stream().map(SourceTree::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The packages that each package imports. */
    Map<String, Set<String>> imports() {
        Map<String, Set<String>> imports = new TreeMap<>();
        for (Path file : files) {
            Set<String> used = imports.computeIfAbsent(name(file), key -> new TreeSet<>());
            Matcher line = IMPORT.matcher(text(file));
            while (line.find()) {
                used.add(line.group(1));
            }
        }
        return imports;
    }

    private static String name(Path file) {
        List<String> folders = new ArrayList<>();
        for (int i = 0; i + 1 < file.getNameCount(); i++) {
            folders.add(file.getName(i).toString());
        }
        return String.join(".", folders);
    }

    private String text(Path file) {
        try {
            return Files.readString(root(module).resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
