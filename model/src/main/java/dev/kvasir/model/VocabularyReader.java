package dev.kvasir.model;

import dev.kvasir.model.config.ModelException;
import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.GgufMetadata;
import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.TokenType;
import dev.kvasir.model.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads the tokenizer part of a GGUF file. */
final class VocabularyReader {
    private static final String KEY = "tokenizer.ggml.";

    private VocabularyReader() {}

    /**
     * The vocabulary, or nothing if the file has none.
     *
     * @throws GgufException if a key that belongs to it is missing or of the wrong type
     */
    static Optional<Vocabulary> read(GgufFile file) throws GgufException {
        GgufMetadata keys = file.metadata();
        String source = file.path().toString();
        if (!keys.has(KEY + "model")) {
            return Optional.empty();
        }
        String model = keys.requireString(KEY + "model");
        List<String> tokens = List.copyOf(keys.requireStrings(KEY + "tokens"));
        boolean sentencePiece = model.equals("llama");
        var special = new SpecialIds(id(keys, source, "bos_token_id", tokens.size()),
                id(keys, source, "eos_token_id", tokens.size()), id(keys, source, "eot_token_id", tokens.size()),
                id(keys, source, "eom_token_id", tokens.size()), id(keys, source, "unknown_token_id", tokens.size()),
                id(keys, source, "padding_token_id", tokens.size()));
        return Optional.of(new Vocabulary(source, keys.optString("general.name").orElse(""), model,
                keys.optString(KEY + "pre").orElse(""), tokens, scores(keys), types(keys, source, tokens.size()),
                keys.optStrings(KEY + "merges").map(List::copyOf).orElse(List.of()), special,
                keys.optBool(KEY + "add_bos_token").orElse(sentencePiece),
                keys.optBool(KEY + "add_eos_token").orElse(false),
                keys.optBool(KEY + "add_space_prefix").orElse(sentencePiece)));
    }

    private static List<Float> scores(GgufMetadata keys) throws GgufException {
        var scores = new ArrayList<Float>();
        for (float score : keys.optFloats(KEY + "scores").orElse(new float[0])) {
            scores.add(score);
        }
        return scores;
    }

    private static List<TokenType> types(GgufMetadata keys, String source, int tokens) throws GgufException {
        Optional<int[]> numbers = keys.optInts(KEY + "token_type");
        if (numbers.isEmpty()) {
            return Collections.nCopies(tokens, TokenType.NORMAL);
        }
        var types = new ArrayList<TokenType>();
        for (int number : numbers.get()) {
            if (number < 0 || number >= TokenType.values().length) {
                throw new ModelException("%s: token %d has type %d, not one of 0 to %d: convert the model again"
                        .formatted(source, types.size(), number, TokenType.values().length - 1));
            }
            types.add(TokenType.values()[number]);
        }
        return types;
    }

    private static int id(GgufMetadata keys, String source, String key, int tokens) throws GgufException {
        int id = keys.optInt(KEY + key).orElse(SpecialIds.NONE);
        if (id < SpecialIds.NONE || id >= tokens) {
            throw new ModelException("%s: %s is token %d of a vocabulary of %d: convert the model again".formatted(
                    source, KEY + key, id, tokens));
        }
        return id;
    }
}
