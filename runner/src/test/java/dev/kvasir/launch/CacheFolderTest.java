package dev.kvasir.launch;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CacheFolderTest {
    @Test
    void theCacheFolderFollowsTheCustomsOfTheSystem() {
        Path home = Path.of("/home");
        assertThat(CacheFolder.of(Map.of(), home)).contains(Path.of("/home/.cache/kvasir"));
        assertThat(CacheFolder.of(Map.of("LOCALAPPDATA", "/local"), home)).contains(Path.of("/local/kvasir"));
        assertThat(CacheFolder.of(Map.of("LOCALAPPDATA", "/local", "XDG_CACHE_HOME", "/xdg"), home))
                .contains(Path.of("/xdg/kvasir"));
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "/xdg", "KVASIR_CACHE_DIR", "mine"), home))
                .contains(Path.of("mine"));
    }

    @Test
    void aUserWithoutAHomeHasNoCacheFolder() {
        assertThat(CacheFolder.of(Map.of(), Path.of("?"))).isEmpty();
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "relative"), Path.of("?"))).isEmpty();
        assertThat(CacheFolder.of(Map.of("KVASIR_CACHE_DIR", "/mine"), Path.of("?"))).contains(Path.of("/mine"));
    }
}
