package dev.kvasir.runner.experiment.task;

import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.tokenizer.Tokenizer;
import dev.kvasir.runner.bundled.BundledModel;

/** The tokenizer of the bundled model, read once. */
final class BundledTokenizer {
    static final Tokenizer TOKENIZER = read();

    private BundledTokenizer() {}

    private static Tokenizer read() {
        try (GgufFile file = GgufFile.open(BundledModel.unpacked(System.getenv()))) {
            return Tokenizer.from(file);
        } catch (GgufException e) {
            throw new AssertionError(e);
        }
    }
}
