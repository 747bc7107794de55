package dev.kvasir.launch;

import java.nio.file.Path;
import java.util.Map;

/** The folder for files that Kvasir can create again. */
public final class CacheFolder {
    private CacheFolder() {}

    /**
     * The folder, which may not exist yet: {@code KVASIR_CACHE_DIR}, or else {@code kvasir} in {@code XDG_CACHE_HOME},
     * in Windows' {@code LOCALAPPDATA}, or in {@code ~/.cache}.
     */
    public static Path of(Map<String, String> environment, Path userHome) {
        String own = environment.getOrDefault("KVASIR_CACHE_DIR", "");
        if (!own.isBlank()) {
            return Path.of(own);
        }
        for (String variable : new String[]{"XDG_CACHE_HOME", "LOCALAPPDATA"}) {
            String folder = environment.getOrDefault(variable, "");
            if (!folder.isBlank()) {
                return Path.of(folder, "kvasir");
            }
        }
        return userHome.resolve(".cache").resolve("kvasir");
    }
}
