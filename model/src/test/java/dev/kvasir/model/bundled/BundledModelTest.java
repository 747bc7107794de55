package dev.kvasir.model.bundled;

import dev.kvasir.model.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class BundledModelTest {
    @TempDir
    private Path folder;

    @Test
    void isUnpackedOnceAndThenUsedAsItIs() throws Exception {
        Path file = BundledModel.unpacked(folder.resolve("new/cache"));
        Object firstIdentity = Files.readAttributes(file, "unix:ino").get("ino");

        assertThat(sha256(file)).isEqualTo(BundledModel.SHA_256);
        assertThat(BundledModel.unpacked(folder.resolve("new/cache"))).isEqualTo(file);
        assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(firstIdentity);
        assertThat(folder.resolve("new/cache")).isDirectoryContaining(f -> f.equals(file));
    }

    @Test
    void itsFileBearsTheNameOfTheModel() throws Exception {
        try (GgufFile file = GgufFile.open(BundledModel.unpacked(folder))) {
            assertThat(file.metadata().requireString("general.name")).isEqualTo("needle-3m");
        }
    }

    @Test
    void nothingHalfWrittenIsLeftBehind() throws Exception {
        BundledModel.unpacked(folder);

        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve(BundledModel.NAME));
        }
    }

    @Test
    void aDamagedCopyIsReplaced() throws Exception {
        Path file = BundledModel.unpacked(folder);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThat(sha256(BundledModel.unpacked(folder))).isEqualTo(BundledModel.SHA_256);
    }

    @Test
    void aTruncatedCopyIsReplaced() throws Exception {
        Files.write(folder.resolve(BundledModel.NAME), new byte[100]);

        assertThat(sha256(BundledModel.unpacked(folder))).isEqualTo(BundledModel.SHA_256);
    }

    @Test
    void aCacheFolderThatCannotBeMadeFallsBackToTheTemporaryFolder() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        Path model = BundledModel.unpacked(file.resolve("cache"));

        assertThat(sha256(model)).isEqualTo(BundledModel.SHA_256);
        assertThat(model.startsWith(System.getProperty("java.io.tmpdir"))).isTrue();
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
