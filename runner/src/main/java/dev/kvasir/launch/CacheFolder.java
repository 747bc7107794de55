package dev.kvasir.launch;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder for files that Kvasir can create again. */
public final class CacheFolder {
    private CacheFolder() {}

    /**
     * The folder, which may not exist yet: {@code KVASIR_CACHE_DIR}, or else {@code kvasir} in {@code XDG_CACHE_HOME},
     * in Windows' {@code LOCALAPPDATA}, or in {@code ~/.cache}. Empty for a user without a home.
     *
     * @param userHome the system property {@code user.home}; the JVM writes ? there for a user without a home
     */
    public static Optional<Path> of(Map<String, String> environment, Path userHome) {
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
        return userHome.isAbsolute() ? Optional.of(userHome.resolve(".cache").resolve("kvasir")) : Optional.empty();
    }
}
