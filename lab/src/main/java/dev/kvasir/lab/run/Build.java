package dev.kvasir.lab.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The build of Kvasir that runs, as Maven wrote it into the jar.
 *
 * @param version of Kvasir
 * @param commit abbreviated commit of its source, with {@code -dirty} if files differed from it; {@code unknown} if it was
 *            built outside a Git checkout
 * @param number of commits up to it; 0 if unknown
 */
public record Build(String version, String commit, int number) {
    private static final String RESOURCE = "build.properties";
    private static final String UNKNOWN = "unknown";

    /** The build that runs. */
    public static Build current() {
        try (InputStream in = Build.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return of(properties);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Build of(Properties properties) {
        String commit = properties.getProperty("commit", "");
        String number = properties.getProperty("number", "");
        return new Build(properties.getProperty("version", UNKNOWN), commit.isEmpty() ? UNKNOWN : commit,
                number.isEmpty() ? 0 : Integer.parseInt(number));
    }

    /** Whether the commit alone tells all of the source. */
    boolean isExact() {
        return !commit.equals(UNKNOWN) && !commit.endsWith("-dirty");
    }

    /** Version and commit: {@code 0.1.0 (1a2b3c4)}. */
    @Override
    public String toString() {
        return "%s (%s)".formatted(version, commit.equals(UNKNOWN) ? "commit unknown" : commit);
    }
}
