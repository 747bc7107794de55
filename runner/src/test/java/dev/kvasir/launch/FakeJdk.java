package dev.kvasir.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders that look like Java installations. */
final class FakeJdk {
    static final String WITH_VECTOR = "MODULES=\"java.base jdk.incubator.vector jdk.jfr\"\n";

    private FakeJdk() {}

    static Path create(Path home, String version) {
        return create(home, version, WITH_VECTOR);
    }

    static Path create(Path home, String version, String more) {
        try {
            Files.createDirectories(home.resolve("bin"));
            Path java = Files.writeString(home.resolve("bin/java"), "");
            java.toFile().setExecutable(true);
            Files.writeString(home.resolve("release"),
                    "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"" + version + "\"\n" + more);
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
