package dev.kvasir.model.tokenizer;

import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the tokenizer keys of a GGUF file. */
final class VocabularyReader {

    private static final String PREFIX = "tokenizer.ggml.";

    private final GgufMetadata metadata;

    private VocabularyReader(GgufMetadata metadata) {
        this.metadata = metadata;
    }

    static Vocabulary read(GgufFile file) throws GgufException {
        var source = String.valueOf(file.path().getFileName());
        var part = file.part();
        if (part.isPresent() && part.get().number() > 1 && !file.metadata().has(PREFIX + "model")) {
            throw new GgufException("%s is part %d of %d and has no vocabulary: name the first part".formatted(
                    file.path(), part.get().number(), part.get().count()));
        }
        return new VocabularyReader(file.metadata()).read(source);
    }

    private Vocabulary read(String source) throws GgufException {
        var model = metadata.requireString(PREFIX + "model");
        boolean sentencePiece = model.equals("llama");
        var tokens = metadata.requireStrings(PREFIX + "tokens");
        int size = tokens.size();
        var merges = model.equals("gpt2")
                ? metadata.requireStrings(PREFIX + "merges")
                : metadata.optStrings(PREFIX + "merges").orElse(List.of());
        var special = new SpecialIds(id("bos", size, sentencePiece ? 1 : SpecialIds.NONE),
                id("eos", size, sentencePiece ? 2 : SpecialIds.NONE), id("eot", size, SpecialIds.NONE),
                id("eom", size, SpecialIds.NONE), id("unknown", size, sentencePiece ? 0 : SpecialIds.NONE),
                id("padding", size, SpecialIds.NONE));
        var pre = metadata.optString(PREFIX + "pre").orElse("");
        boolean bosByDefault = sentencePiece || model.equals("gpt2") && PreTokenizers.byName(pre, source).addsBos();
        return new Vocabulary(source, metadata.optString("general.name").orElse(""), model, pre, tokens, scores(),
                types(size), merges, special, metadata.optBool(PREFIX + "add_bos_token").orElse(bosByDefault),
                metadata.optBool(PREFIX + "add_eos_token").orElse(false),
                metadata.optBool(PREFIX + "add_space_prefix").orElse(sentencePiece));
    }

    /** The id of a role in the file. Some files use an id past the end, or -1, for none. */
    private int id(String role, int size, int otherwise) {
        var value = metadata.plain(PREFIX + role + "_token_id");
        long id = value instanceof Number number ? number.longValue() : otherwise;
        return id >= 0 && id < size ? (int) id : SpecialIds.NONE;
    }

    private List<Float> scores() throws GgufException {
        var scores = new ArrayList<Float>();
        for (float score : metadata.optFloats(PREFIX + "scores").orElse(new float[0])) {
            scores.add(score);
        }
        return scores;
    }

    private List<TokenType> types(int size) throws GgufException {
        var numbers = metadata.optInts(PREFIX + "token_type");
        if (numbers.isEmpty()) {
            return Collections.nCopies(size, TokenType.NORMAL);
        }
        var types = new ArrayList<TokenType>();
        for (int number : numbers.get()) {
            types.add(TokenType.of(number));
        }
        return types;
    }
}
