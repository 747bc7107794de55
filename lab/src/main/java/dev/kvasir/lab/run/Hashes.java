package dev.kvasir.lab.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 in hexadecimal, of what a run reads. */
public final class Hashes {
    private Hashes() {}

    /** That of a file's bytes, or of the list of a folder's files with their hashes. */
    public static String of(Path place) throws IOException {
        return Files.isDirectory(place) ? folder(place) : file(place);
    }

    private static String folder(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
            StringBuilder list = new StringBuilder();
            for (Path file : files) {
                list.append(folder.relativize(file)).append(' ').append(file(file)).append('\n');
            }
            return of(list.toString());
        }
    }

    private static String file(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** That of a text in UTF-8. */
    static String of(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
