package dev.kvasir.model.bundled;

import dev.kvasir.model.FailureException;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.engine.EngineOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The model that comes with Kvasir: needle-3m, 2.9 million parameters, trained for this project to find needles. It is
 * in the jar and is unpacked once into a cache folder, because only a file can be memory-mapped. A damaged copy is
 * replaced.
 */
public final class BundledModel {
    /** Its file name. */
    public static final String NAME = "needle-3m-f16.gguf";
    /** SHA-256 of its bytes. */
    static final String SHA_256 = "70cf2a056c4ed1ffd44f4c38dd22e2cdd1a40573017e564ba552cada8a39d8d4";

    private static final String RESOURCE = NAME;

    private BundledModel() {}

    /**
     * Opens the model on the vector engine. It is unpacked into the temporary folder, until this JVM ends.
     *
     * @throws FailureException if there is no room for it
     */
    public static OpenModel open() {
        return OpenModel.open(unpackedUntilExit(), EngineOptions.defaults());
    }

    /**
     * The unpacked model.
     *
     * @param cacheFolder the folder for the file; if it cannot be written, the temporary folder is used
     * @throws FailureException if there is no place to unpack it
     */
    public static Path unpacked(Path cacheFolder) {
        Path file = cacheFolder.resolve(NAME);
        if (isIntact(file)) {
            return file;
        }
        Path part = null;
        try {
            Files.createDirectories(cacheFolder);
            part = Files.createTempFile(cacheFolder, NAME, ".part");
            unpackTo(part);
            moveIntoPlace(part, file);
            return file;
        } catch (IOException unwritable) {
            delete(part);
            return isIntact(file)
                    ? file
                    : inTemporaryFolder("neither into %s (%s) nor ".formatted(cacheFolder, unwritable.getMessage()));
        }
    }

    /**
     * The model in the temporary folder, for users without a cache folder. It is deleted when this JVM ends.
     *
     * @throws FailureException if there is no room for it
     */
    public static Path unpackedUntilExit() {
        return inTemporaryFolder("not ");
    }

    private static Path inTemporaryFolder(String triedBefore) {
        Path file = null;
        try {
            file = Files.createTempFile("kvasir-", "-" + NAME);
            file.toFile().deleteOnExit();
            unpackTo(file);
            return file;
        } catch (IOException e) {
            delete(file);
            throw new FailureException(("the bundled model (5.8 MB) can be unpacked %sinto the temporary folder (%s): "
                    + "name a folder with room in KVASIR_CACHE_DIR").formatted(triedBefore, e.getMessage()), e);
        }
    }

    private static void unpackTo(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(
                Objects.requireNonNull(BundledModel.class.getResourceAsStream(RESOURCE), RESOURCE), digest);
                OutputStream out = Files.newOutputStream(file)) {
            in.transferTo(out);
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(SHA_256)) {
            throw new FailureException(
                    "the bundled model is damaged in the jar itself: build or download runner.jar again");
        }
    }

    private static void moveIntoPlace(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean isIntact(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            return false;
        }
        return HexFormat.of().formatHex(digest.digest()).equals(SHA_256);
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // an unused file in a cache folder does no harm
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
