package dev.kvasir.launch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders that look like an installed TornadoVM. */
public final class FakeSdk {
    private FakeSdk() {}

    public static Path create(Path home, String version) {
        try {
            Path modules = Files.createDirectories(home.resolve("share/java/tornado"));
            Path upgrades = Files.createDirectories(home.resolve("share/java/graalJars"));
            Path libraries = Files.createDirectories(home.resolve("lib"));
            Files.writeString(libraries.resolve("libtornado-opencl.so"), "");
            Files.createDirectories(home.resolve("etc"));
            Files.writeString(home.resolve("etc/tornado.release"), "version=" + version + "\ncommit=1234567\n");
            Files.writeString(home.resolve("tornado-argfile"), """
                    # === Native library path ===
                    -Djava.library.path=%s

                    --module-path .%s%s
                    --upgrade-module-path %s
                    """.formatted(libraries, File.pathSeparator, modules, upgrades));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
