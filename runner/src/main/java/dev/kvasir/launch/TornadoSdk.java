package dev.kvasir.launch;

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An installed TornadoVM SDK. Its file {@code tornado-argfile} has the JVM options for it. They differ by version and
 * backend, so Kvasir reads the file and has no copy.
 *
 * @param home the folder that {@code TORNADOVM_HOME} names
 * @param version the version in its release file: {@code 5.2.0-jdk25}, or {@code unknown}
 */
public record TornadoSdk(Path home, String version) {
    /** Environment variable with the folder of the SDK; SDKMAN sets it. */
    public static final String TORNADOVM_HOME = "TORNADOVM_HOME";

    private static final String ARGFILE = "tornado-argfile";
    private static final int OLDEST_MAJOR = 5; // with OLDEST_MINOR: the first release with all functions that the engine calls
    private static final int OLDEST_MINOR = 2;
    private static final int OLDEST_JDK = 22; // releases for JDK 21 include a compiler for that JDK
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final Pattern FOR_JDK = Pattern.compile(".*-jdk(\\d+).*");
    private static final Pattern MODULE_PATH = Pattern.compile("(?m)^--(?:upgrade-)?module-path[ =]+(\\S+)");
    private static final Pattern LIBRARY_PATH = Pattern.compile("(?m)^-Djava\\.library\\.path=(\\S+)");

    /**
     * The SDK that {@code TORNADOVM_HOME} names.
     *
     * @throws NoTornadoException if it names none or an unsuitable one; the message explains the problem and the next
     *             action
     */
    public static TornadoSdk in(Map<String, String> environment) throws NoTornadoException {
        String named = environment.getOrDefault(TORNADOVM_HOME, "");
        if (named.isBlank()) {
            throw new NoTornadoException("TornadoVM is needed for this, and " + TORNADOVM_HOME + " is not set: "
                    + NoTornadoException.HOW + ".");
        }
        Path home = folder(named);
        TornadoSdk sdk = new TornadoSdk(home, releaseOf(home));
        sdk.checkVersion();
        sdk.checkFiles();
        return sdk;
    }

    /** The file with the SDK's JVM options. */
    public Path argfile() {
        return home.resolve(ARGFILE);
    }

    private static Path folder(String named) throws NoTornadoException {
        try {
            Path home = Path.of(named);
            if (Files.isDirectory(home)) {
                return home.toAbsolutePath();
            }
        } catch (InvalidPathException e) {
            // reported below, like any other path that is not a folder
        }
        throw new NoTornadoException(
                TORNADOVM_HOME + " names " + named + ", which is not a folder: " + NoTornadoException.HOW + ".");
    }

    private static String releaseOf(Path home) {
        try {
            Properties release = new Properties();
            release.load(new StringReader(Files.readString(home.resolve("etc/tornado.release"))));
            return release.getProperty("version", "unknown").trim();
        } catch (IOException e) {
            return "unknown"; // the checks of its files follow
        }
    }

    private void checkVersion() throws NoTornadoException {
        Matcher jdk = FOR_JDK.matcher(version);
        if (jdk.matches() && Integer.parseInt(jdk.group(1)) < OLDEST_JDK) {
            throw new NoTornadoException(TORNADOVM_HOME + " names TornadoVM " + version + " in " + home
                    + ", which is made for JDK " + jdk.group(1) + ", and Kvasir runs on JDK " + Launcher.REQUIRED_JAVA
                    + ": " + NoTornadoException.HOW + ".");
        }
        Matcher number = VERSION.matcher(version);
        if (number.matches()) {
            int major = Integer.parseInt(number.group(1));
            int minor = Integer.parseInt(number.group(2));
            if (major < OLDEST_MAJOR || major == OLDEST_MAJOR && minor < OLDEST_MINOR) {
                throw new NoTornadoException(TORNADOVM_HOME + " names TornadoVM " + version + " in " + home
                        + ", and Kvasir needs " + OLDEST_MAJOR + "." + OLDEST_MINOR + " or newer: "
                        + NoTornadoException.HOW + ".");
            }
        }
    }

    private void checkFiles() throws NoTornadoException {
        String options;
        try {
            options = Files.readString(argfile());
        } catch (IOException e) {
            throw new NoTornadoException(Files.exists(home.resolve(ARGFILE + ".template"))
                    ? argfile() + " does not exist yet: run `" + home.resolve("bin/tornado")
                            + " --devices` once, which "
                            + "makes it from the template beside it."
                    : TORNADOVM_HOME + " names " + home + ", which has no readable " + ARGFILE + ": "
                            + NoTornadoException.HOW + ".");
        }
        for (Pattern pattern : List.of(MODULE_PATH, LIBRARY_PATH)) {
            Matcher option = pattern.matcher(options);
            while (option.find()) {
                checkFolders(option.group(1));
            }
        }
        Matcher libraries = LIBRARY_PATH.matcher(options);
        if (libraries.find() && !holdsLibrary(libraries.group(1))) {
            throw new NoTornadoException("TornadoVM " + version + " in " + home + " has no native library in "
                    + libraries.group(1) + ": install it again.");
        }
    }

    private void checkFolders(String path) throws NoTornadoException {
        for (String folder : path.split(Pattern.quote(File.pathSeparator))) {
            if (!folder.isEmpty() && !Files.isDirectory(Path.of(folder))) {
                throw new NoTornadoException(
                        argfile() + " names " + folder + ", which is not there: the SDK was moved or "
                                + "is not whole; run `" + home.resolve("bin/tornado")
                                + " --generate-argfile`, or install it again.");
            }
        }
    }

    private static boolean holdsLibrary(String path) {
        for (String folder : path.split(Pattern.quote(File.pathSeparator))) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder), "*tornado*")) {
                if (files.iterator().hasNext()) {
                    return true;
                }
            } catch (IOException e) {
                continue; // a folder that cannot be read has no usable library
            }
        }
        return false;
    }
}
