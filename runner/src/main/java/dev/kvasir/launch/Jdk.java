package dev.kvasir.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java installation, as its {@code release} file describes it.
 *
 * @param feature the first number of its version: 25
 * @param version the whole version: {@code 25.0.1}
 * @param vectorApi whether the incubating Vector API is one of its modules
 */
record Jdk(Path home, int feature, String version, boolean vectorApi) {
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"((?:1\\.)?(\\d+)[^\"]*)\"");
    private static final Pattern MODULES = Pattern.compile("(?m)^MODULES=\"([^\"]*)\"");
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** Reads the installation in {@code home}; empty if there is none or its version is missing. */
    static Optional<Jdk> at(Path home) {
        if (!Files.isRegularFile(javaIn(home))) {
            return Optional.empty();
        }
        String release;
        try {
            release = Files.readString(home.resolve("release"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return Optional.empty();
        }
        Matcher version = VERSION.matcher(release);
        if (!version.find()) {
            return Optional.empty();
        }
        Matcher modules = MODULES.matcher(release);
        boolean vectorApi = !modules.find() || (" " + modules.group(1) + " ").contains(" " + VECTOR_MODULE + " ");
        return Optional.of(new Jdk(home, Integer.parseInt(version.group(2)), version.group(1), vectorApi));
    }

    /** Whether Kvasir runs on it. */
    boolean isUsable() {
        return feature >= Launcher.REQUIRED_JAVA && vectorApi;
    }

    /** The {@code java} command. */
    Path java() {
        return javaIn(home);
    }

    private static Path javaIn(Path home) {
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        return home.resolve("bin").resolve(windows ? "java.exe" : "java");
    }

    @Override
    public String toString() {
        String what = feature >= Launcher.REQUIRED_JAVA && !vectorApi ? version + " without the Vector API" : version;
        return what + " in " + home;
    }
}
