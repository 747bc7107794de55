package dev.kvasir.launch;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CacheFolderTest {
    @Test
    void theCacheFolderFollowsTheCustomsOfTheSystem() {
        Path home = Path.of("home");
        assertThat(CacheFolder.of(Map.of(), home)).isEqualTo(Path.of("home/.cache/kvasir"));
        assertThat(CacheFolder.of(Map.of("LOCALAPPDATA", "local"), home)).isEqualTo(Path.of("local/kvasir"));
        assertThat(CacheFolder.of(Map.of("LOCALAPPDATA", "local", "XDG_CACHE_HOME", "xdg"), home))
                .isEqualTo(Path.of("xdg/kvasir"));
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "xdg", "KVASIR_CACHE_DIR", "mine"), home))
                .isEqualTo(Path.of("mine"));
    }
}
