package dev.kvasir.lab.run;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The hashes of the jars and folders from which a user's own policies come. */
final class PolicyJars {
    private PolicyJars() {}

    /**
     * The name and the SHA-256 of each place of a loader; none for Kvasir's own loader. The hash of a folder is that of the
     * list of its files with their hashes.
     */
    static Map<String, String> of(ClassLoader loader) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        if (loader instanceof URLClassLoader own && loader != PolicyJars.class.getClassLoader()) {
            for (URL url : own.getURLs()) {
                Path place = path(url);
                String hash = Files.isDirectory(place) ? folder(place) : Origin.hash(place);
                hashes.merge(String.valueOf(place.getFileName()), hash, (one, other) -> one + "+" + other);
            }
        }
        return hashes;
    }

    private static String folder(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
            StringBuilder list = new StringBuilder();
            for (Path file : files) {
                list.append(folder.relativize(file)).append(' ').append(Origin.hash(file)).append('\n');
            }
            return Origin.hash(list.toString());
        }
    }

    private static Path path(URL url) throws IOException {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IOException("%s is no place of a file".formatted(url), e);
        }
    }

    /** All of them in one text: {@code thinning.jar 12ab…; more.jar 34cd…}. */
    static String text(Map<String, String> hashes) {
        return hashes.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining("; "));
    }
}
