package dev.kvasir.model.repack;

import dev.kvasir.kernels.matrix.vector.pack.PackedMatrix;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.model.gguf.AtomicFile;
import dev.kvasir.model.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packed weights of one model. They come from a file if there is a valid one. Otherwise they are packed and written
 * to a file for the next start. A file that is damaged, does not match, or cannot be written gives a warning and costs
 * only the time of packing: no run fails because of it. Thread-safe.
 */
public final class RepackCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RepackCache.class);

    private final RepackPlaces places;
    private final GgufFile model;
    private final Workers workers;
    private final AtomicFile.Opener opener;
    private final String key;
    private final Optional<RepackFile> file;
    private final Map<String, PackedMatrix> packedNow = new TreeMap<>();

    /** Looks for the packed weights of {@code model} in {@code places}. */
    public RepackCache(RepackPlaces places, GgufFile model, Workers workers) {
        this(places, model, workers, AtomicFile.Opener.FILE);
    }

    RepackCache(RepackPlaces places, GgufFile model, Workers workers, AtomicFile.Opener opener) {
        this.places = places;
        this.model = model;
        this.workers = workers;
        this.opener = opener;
        key = places.isEmpty() ? "" : key(model);
        file = key.isEmpty() ? Optional.empty() : open();
    }

    private static String key(GgufFile model) {
        try {
            return RepackKey.of(model);
        } catch (IOException e) {
            LOG.warn("the time of change of {} cannot be read ({}): its packed weights are not kept", model.path(),
                    e.toString());
            return "";
        }
    }

    private Optional<RepackFile> open() {
        for (Path path : places.files(model.path())) {
            if (Files.isRegularFile(path)) {
                try {
                    return Optional.of(RepackFile.open(path, key, workers));
                } catch (IOException | RuntimeException e) {
                    LOG.warn("the packed weights in {} cannot be used, so weights are packed again: {}", path,
                            reason(e));
                }
            }
        }
        return Optional.empty();
    }

    /** The packed form of a matrix of the model, valid until this cache is closed. */
    public PackedMatrix pack(String name, Matrix source) {
        @Nullable
        PackedMatrix kept = file.flatMap(packed -> packed.matrix(name, source)).orElse(null);
        if (kept != null) {
            return kept;
        }
        PackedMatrix packed = PackedMatrix.pack(source, workers);
        synchronized (packedNow) {
            packedNow.put(name, packed);
        }
        return packed;
    }

    /** Writes newly packed matrices to a file for the next start. Must be called after all matrices are packed. */
    public void keep() {
        synchronized (packedNow) {
            if (key.isEmpty() || file.isPresent() || packedNow.isEmpty()) {
                packedNow.clear();
                return;
            }
            for (Path path : places.files(model.path())) {
                try {
                    Files.createDirectories(path.toAbsolutePath().resolveSibling("."));
                    RepackWriter.write(path, key, packedNow, workers, opener);
                    LOG.info("wrote the packed weights to {}", path);
                    break;
                } catch (IOException e) {
                    LOG.warn("the packed weights are not kept in {}, so the next start packs again: {}", path,
                            reason(e));
                }
            }
            packedNow.clear();
        }
    }

    private static String reason(Exception e) {
        return e instanceof FileSystemException system && system.getReason() == null
                ? e.getClass().getSimpleName()
                : String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        file.ifPresent(RepackFile::close);
    }
}
