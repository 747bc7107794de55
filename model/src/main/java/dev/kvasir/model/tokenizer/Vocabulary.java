package dev.kvasir.model.tokenizer;

import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.Utf8Strings;
import java.util.List;

/**
 * The tokenizer part of a model file, the input of a {@link Tokenizer}.
 *
 * @param source the file, for messages
 * @param modelName {@code general.name}; empty if the file has none
 * @param model {@code tokenizer.ggml.model}: {@code llama} or {@code gpt2}
 * @param preTokenizer {@code tokenizer.ggml.pre}; empty if the file has none
 * @param tokens the text of each token, by id
 * @param scores the score of each token, by id; empty if the file has none
 * @param types the type of each token, by id
 * @param merges the merges of a byte-level vocabulary, best first; each is two token texts with a space between them
 * @param special the tokens with a role
 * @param addBos whether a text begins with {@link SpecialIds#bos}
 * @param addEos whether a text ends with {@link SpecialIds#eos}
 * @param addSpacePrefix whether a space is added at the start of a text (SentencePiece vocabularies)
 */
public record Vocabulary(
        String source,
        String modelName,
        String model,
        String preTokenizer,
        List<String> tokens,
        List<Float> scores,
        List<TokenType> types,
        List<String> merges,
        SpecialIds special,
        boolean addBos,
        boolean addEos,
        boolean addSpacePrefix) {

    /** Copies the lists and checks that their sizes match. */
    public Vocabulary {
        tokens = Utf8Strings.copyOf(tokens);
        scores = List.copyOf(scores);
        types = List.copyOf(types);
        merges = Utf8Strings.copyOf(merges);
        if (types.size() != tokens.size()) {
            throw new IllegalArgumentException(source + ": tokenizer.ggml.token_type has " + types.size()
                    + " entries for " + tokens.size() + " tokens; convert the model again.");
        }
        if (!scores.isEmpty() && scores.size() != tokens.size()) {
            throw new IllegalArgumentException(source + ": tokenizer.ggml.scores has " + scores.size()
                    + " entries for " + tokens.size() + " tokens; convert the model again.");
        }
        if (addBos && special.bos() == SpecialIds.NONE) {
            throw new IllegalArgumentException(source
                    + ": texts must begin with a token (tokenizer.ggml.add_bos_token),"
                    + " but tokenizer.ggml.bos_token_id is missing or not in the vocabulary; convert the model again.");
        }
        if (addEos && special.eos() == SpecialIds.NONE) {
            throw new IllegalArgumentException(source + ": texts must end with a token (tokenizer.ggml.add_eos_token),"
                    + " but tokenizer.ggml.eos_token_id is missing or not in the vocabulary; convert the model again.");
        }
    }

    /**
     * The vocabulary of a model file, valid after the file is closed.
     *
     * @throws GgufException if a key is missing or of another type
     * @throws IllegalArgumentException if the file names a pre-tokenizer that is not supported
     */
    public static Vocabulary from(GgufFile file) throws GgufException {
        return VocabularyReader.read(file);
    }

    /** The number of tokens. */
    public int size() {
        return tokens.size();
    }
}
