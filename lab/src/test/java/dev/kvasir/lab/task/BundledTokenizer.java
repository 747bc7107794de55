package dev.kvasir.lab.task;

import dev.kvasir.model.bundled.BundledModel;
import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.nio.file.Path;

/** The tokenizer of the bundled model, read once. */
final class BundledTokenizer {
    static final Tokenizer TOKENIZER = read();

    private BundledTokenizer() {}

    private static Tokenizer read() {
        try (GgufFile file = GgufFile.open(BundledModel.unpacked(Path.of("target", "bundled")))) {
            return Tokenizer.from(file);
        } catch (GgufException e) {
            throw new AssertionError(e);
        }
    }
}
