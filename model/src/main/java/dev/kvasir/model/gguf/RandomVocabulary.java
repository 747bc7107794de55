package dev.kvasir.model.gguf;

import java.util.ArrayList;
import java.util.List;

/**
 * A vocabulary for models made up for measurements: SentencePiece-style, with the three special tokens, the 256 bytes (so that
 * every text can be encoded), and made-up words.
 */
final class RandomVocabulary {
    private static final int BYTES = 256;
    private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>");
    /** The smallest vocabulary there is. */
    static final int MIN_SIZE = SPECIAL.size() + BYTES;

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    private RandomVocabulary() {}

    static void put(GgufWriter writer, int size) {
        List<String> tokens = new ArrayList<>(SPECIAL);
        for (int i = 0; i < BYTES; i++) {
            tokens.add("<0x%02X>".formatted(i));
        }
        for (int i = 0; tokens.size() < size; i++) {
            tokens.add(word(i));
        }
        float[] scores = new float[size];
        int[] types = new int[size];
        for (int i = 0; i < size; i++) {
            types[i] = i == 0 ? UNKNOWN : i < SPECIAL.size() ? CONTROL : i < MIN_SIZE ? BYTE : NORMAL;
            scores[i] = i < MIN_SIZE ? 0 : MIN_SIZE - i - 1;
        }
        writer.put("tokenizer.ggml.model", GgufValue.of("llama"))
                .put("tokenizer.ggml.tokens", GgufArray.ofStrings(tokens))
                .put("tokenizer.ggml.scores", GgufArray.of(scores))
                .put("tokenizer.ggml.token_type", GgufArray.of(types))
                .put("tokenizer.ggml.unknown_token_id", GgufValue.of(0))
                .put("tokenizer.ggml.bos_token_id", GgufValue.of(1))
                .put("tokenizer.ggml.eos_token_id", GgufValue.of(2))
                .put("tokenizer.ggml.add_bos_token", GgufValue.of(true))
                .put("tokenizer.ggml.add_eos_token", GgufValue.of(false));
    }

    /** Words in the order a, b, … z, aa, ab, …, each with the mark of a space in front. */
    private static String word(int index) {
        var letters = new StringBuilder();
        for (int i = index; i >= 0; i = i / 26 - 1) {
            letters.append((char) ('a' + i % 26));
        }
        return "\u2581" + letters.reverse();
    }
}
