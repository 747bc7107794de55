package dev.kvasir.lab.run;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The hashes of the jars and folders from which a user's own policies come. */
final class PolicyJars {
    private PolicyJars() {}

    /**
     * The name and the SHA-256 of each place of a loader; none for Kvasir's own loader.
     */
    static Map<String, String> of(ClassLoader loader) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        if (loader instanceof URLClassLoader own && loader != PolicyJars.class.getClassLoader()) {
            for (URL url : own.getURLs()) {
                Path place = path(url);
                hashes.merge(String.valueOf(place.getFileName()), Hashes.of(place), (one, other) -> one + "+" + other);
            }
        }
        return hashes;
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
