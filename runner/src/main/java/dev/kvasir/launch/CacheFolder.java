package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder for files that Kvasir can create again. */
public final class CacheFolder {
    private CacheFolder() {}

    /**
     * The folder, which may not exist yet: {@code KVASIR_CACHE_DIR}, or else {@code kvasir} in {@code XDG_CACHE_HOME},
     * in Windows' {@code LOCALAPPDATA}, or in {@code ~/.cache}. Empty for a user without a home, and then nothing is
     * kept.
     *
     * @param userHome the home that the system names, for users without the variable {@code HOME}
     */
    public static Optional<Path> of(Map<String, String> environment, String userHome) {
        String own = environment.getOrDefault("KVASIR_CACHE_DIR", "");
        if (!own.isBlank()) {
            return Optional.of(Path.of(own));
        }
        for (String variable : new String[]{"XDG_CACHE_HOME", "LOCALAPPDATA"}) {
            String folder = environment.getOrDefault(variable, "");
            if (!folder.isBlank() && Path.of(folder).isAbsolute()) {
                return Optional.of(Path.of(folder, "kvasir"));
            }
        }
        String named = environment.getOrDefault("HOME", "");
        Path home = Path.of(named.isBlank() ? userHome : named);
        return home.isAbsolute() && home.getNameCount() > 0 && Files.isDirectory(home)
                ? Optional.of(home.resolve(".cache").resolve("kvasir"))
                : Optional.empty();
    }

    /** The folder for this process. */
    public static Optional<Path> ofThisProcess() {
        return of(System.getenv(), System.getProperty("user.home", ""));
    }
}
