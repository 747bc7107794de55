package dev.kvasir.model.repack;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The folders for packed weights.
 *
 * @param besideModel whether the first place is the model's own folder
 * @param folders other folders, in the order in which they are tried
 */
public record RepackPlaces(boolean besideModel, List<Path> folders) {
    /** No folder: weights are packed at every start. */
    public static final RepackPlaces NONE = new RepackPlaces(false, List.of());

    private static final String ENDING = ".kvasir-repack";

    public RepackPlaces {
        folders = List.copyOf(folders);
    }

    /** Whether there is no folder. */
    public boolean isEmpty() {
        return !besideModel && folders.isEmpty();
    }

    /** The files that may hold a model's packed weights, the preferred one first. */
    public List<Path> files(Path model) {
        Path whole = model.toAbsolutePath().normalize();
        String name = String.valueOf(whole.getFileName());
        CRC32C checksum = new CRC32C();
        checksum.update(whole.toString().getBytes(StandardCharsets.UTF_8));
        // models with equal names from several folders share the user's cache folder
        String elsewhere = "%s-%08x%s".formatted(name, checksum.getValue(), ENDING);
        Stream<Path> beside = besideModel ? Stream.of(whole.resolveSibling(name + ENDING)) : Stream.empty();
        return Stream.concat(beside, folders.stream().map(folder -> folder.resolve(elsewhere))).toList();
    }
}
