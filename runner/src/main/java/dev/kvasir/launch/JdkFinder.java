package dev.kvasir.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Searches for Java installations in the usual folders. It uses loops in place of streams, because each lambda costs
 * milliseconds in a JVM that has just started.
 *
 * @param root folder that is used as {@code /}; tests pass their own
 * @param userHome the user's home folder
 * @param runningHome the installation of this JVM
 * @param environment the environment variables
 */
record JdkFinder(Path root, Path userHome, Path runningHome, Map<String, String> environment) {
    /** Environment variable that names one installation and overrides the search. */
    static final String KVASIR_JAVA_HOME = "KVASIR_JAVA_HOME";

    private static final Pattern TOOLCHAIN_HOME = Pattern.compile("<jdkHome>\\s*([^<]+?)\\s*</jdkHome>");
    private static final List<String> SYSTEM_FOLDERS = List.of("usr/lib/jvm", "usr/lib64/jvm", "usr/java", "opt",
            "opt/java", "opt/jdk", "usr/local", "usr/local/lib/jvm", "usr/local/java",
            "Library/Java/JavaVirtualMachines",
            "opt/homebrew/opt", "Program Files/Java", "Program Files/Eclipse Adoptium", "Program Files/Microsoft",
            "Program Files/Zulu", "Program Files/Amazon Corretto", "Program Files/BellSoft");
    private static final List<String> HOME_FOLDERS = List.of(".sdkman/candidates/java", ".jdks", ".gradle/jdks",
            ".jenv/versions",
            ".asdf/installs/java", ".local/share/mise/installs/java", ".jabba/jdk", "Library/Java/JavaVirtualMachines");

    /** A finder for this machine and this process. */
    static JdkFinder ofThisMachine() {
        Path home = Path.of(System.getProperty("user.home", "."));
        Path runningHome = Path.of(System.getProperty("java.home", "."));
        Path root = runningHome.toAbsolutePath().getRoot();
        return new JdkFinder(root == null ? Path.of("/") : root, home, runningHome, System.getenv());
    }

    /**
     * The installation to run on: the one that {@code KVASIR_JAVA_HOME} names, or else this JVM's own, or else
     * {@code JAVA_HOME}, or else the oldest that is new enough, because Kvasir is tested on that version.
     *
     * @throws NoJdkException if there is none; the message lists the installations that were found
     */
    Jdk find() throws NoJdkException {
        String named = environment.get(KVASIR_JAVA_HOME);
        if (named != null && !named.isBlank()) {
            return path(named).flatMap(Jdk::at)
                    .filter(Jdk::isUsable)
                    .orElseThrow(() -> NoJdkException.named(named, path(named).flatMap(Jdk::at)));
        }
        List<Jdk> preferred = new ArrayList<>();
        add(preferred, runningHome);
        addJavaHome(preferred);
        for (Jdk jdk : preferred) {
            if (jdk.isUsable()) {
                return jdk;
            }
        }
        List<Jdk> all = all();
        Jdk oldest = null;
        for (Jdk jdk : all) {
            if (jdk.isUsable() && (oldest == null || jdk.feature() < oldest.feature())) {
                oldest = jdk;
            }
        }
        if (oldest == null) {
            throw NoJdkException.among(all);
        }
        return oldest;
    }

    /** All installations in the order of search. An installation with several links to it is listed once. */
    List<Jdk> all() {
        List<Jdk> found = new ArrayList<>();
        add(found, runningHome);
        addJavaHome(found);
        for (String entry : environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator))) {
            Optional<Path> bin = path(entry);
            if (bin.isPresent()) {
                addOwnerOf(found, bin.get());
            }
        }
        for (String folder : SYSTEM_FOLDERS) {
            addChildren(found, root.resolve(folder));
        }
        for (String folder : HOME_FOLDERS) {
            addChildren(found, userHome.resolve(folder));
        }
        addToolchains(found, userHome.resolve(".m2/toolchains.xml"));
        Map<Path, Jdk> once = new LinkedHashMap<>();
        for (Jdk jdk : found) {
            once.putIfAbsent(real(jdk.home()), jdk);
        }
        return List.copyOf(once.values());
    }

    private void addJavaHome(List<Jdk> found) {
        Optional<Path> home = variable("JAVA_HOME");
        if (home.isPresent()) {
            add(found, home.get());
        }
    }

    private static void add(List<Jdk> found, Path home) {
        Optional<Jdk> jdk = Jdk.at(home);
        if (jdk.isPresent()) {
            found.add(jdk.get());
        }
    }

    private static void addOwnerOf(List<Jdk> found, Path bin) {
        Path java = bin.resolve("java");
        if (Files.isExecutable(java)) {
            Path realBin = real(java).getParent();
            if (realBin != null && realBin.getParent() != null) {
                add(found, realBin.getParent());
            }
        }
    }

    private static void addChildren(List<Jdk> found, Path folder) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path child : stream) {
                children.add(child);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return; // a folder that does not exist or cannot be read has no usable JDK
        }
        Collections.sort(children);
        for (Path child : children) {
            add(found, child);
            add(found, child.resolve("Contents/Home")); // macOS bundles
            add(found, child.resolve("libexec/openjdk.jdk/Contents/Home")); // Homebrew
        }
    }

    private void addToolchains(List<Jdk> found, Path file) {
        try {
            Matcher homes = TOOLCHAIN_HOME.matcher(Files.readString(file));
            while (homes.find()) {
                path(homes.group(1)).ifPresent(home -> add(found, home));
            }
        } catch (IOException e) {
            return; // no toolchains file
        }
    }

    private Optional<Path> variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? Optional.empty() : path(value);
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath();
        }
    }
}
