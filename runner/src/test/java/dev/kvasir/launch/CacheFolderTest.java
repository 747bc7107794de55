package dev.kvasir.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CacheFolderTest {
    @TempDir
    private Path home;

    @Test
    void theCacheFolderFollowsTheCustomsOfTheSystem() {
        String user = home.toString();
        Path local = home.resolve("local");
        Path xdg = home.resolve("xdg");
        assertThat(CacheFolder.of(Map.of(), user)).contains(home.resolve(".cache/kvasir"));
        assertThat(CacheFolder.of(Map.of("LOCALAPPDATA", local.toString()), user)).contains(local.resolve("kvasir"));
        assertThat(CacheFolder.of(Map.of("LOCALAPPDATA", local.toString(), "XDG_CACHE_HOME", xdg.toString()), user))
                .contains(xdg.resolve("kvasir"));
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", xdg.toString(), "KVASIR_CACHE_DIR", "mine"), user))
                .contains(Path.of("mine"));
    }

    @Test
    void theVariableHomeComesBeforeTheUsersEntry() throws Exception {
        Path other = Files.createDirectory(home.resolve("other"));
        assertThat(CacheFolder.of(Map.of("HOME", other.toString()), home.toString()))
                .contains(other.resolve(".cache/kvasir"));
        assertThat(CacheFolder.of(Map.of("HOME", ""), home.toString())).contains(home.resolve(".cache/kvasir"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "", "/", "/no/such/home", "home"})
    void withoutAHomeThereIsNoCacheFolder(String user) {
        assertThat(CacheFolder.of(Map.of(), user)).isEmpty();
        assertThat(CacheFolder.of(Map.of("HOME", user), "?")).isEmpty();
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "cache"), user)).as("not relative to here").isEmpty();
    }
}
