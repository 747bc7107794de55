package dev.kvasir.model.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A vocabulary for random models: every byte, so that every text can be encoded, invented words, and a few special
 * tokens. With the size of Llama 3's vocabulary it has the byte-level form and Llama 3's special tokens, so that
 * programs for Llama 3 can read it. With any other size it has the SentencePiece form.
 */
final class RandomVocabulary {
    private static final int BYTES = 256;
    private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>");
    /** The size of the smallest vocabulary. */
    static final int MIN_SIZE = SPECIAL.size() + BYTES;

    private static final int LLAMA3_SIZE = 128_256;
    private static final int LLAMA3_TEXT = 128_000; // tokens before the special ones
    private static final Map<Integer, String> LLAMA3_SPECIAL = Map.of(0, "<|begin_of_text|>", 1, "<|end_of_text|>", 6,
            "<|start_header_id|>", 7, "<|end_header_id|>", 8, "<|eom_id|>", 9, "<|eot_id|>");

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    private RandomVocabulary() {}

    static void put(GgufWriter writer, int size) {
        if (size == LLAMA3_SIZE) {
            putByteLevel(writer);
        } else {
            putSentencePiece(writer, size);
        }
    }

    private static void putByteLevel(GgufWriter writer) {
        List<String> tokens = new ArrayList<>();
        // Printable bytes are their own letters; the others get letters from U+0100 on.
        IntStream.rangeClosed(0, 0x143)
                .filter(c -> c > ' ' && c < 0x7F || c > 0xA0 && c != 0xAD)
                .forEach(c -> tokens.add(Character.toString(c)));
        for (int i = 0; tokens.size() < LLAMA3_TEXT; i++) {
            tokens.add('\u0120' + letters(i));
        }
        for (int i = 0; tokens.size() < LLAMA3_SIZE; i++) {
            tokens.add(LLAMA3_SPECIAL.getOrDefault(i, "<|reserved_special_token_%d|>".formatted(i)));
        }
        int[] types = new int[LLAMA3_SIZE];
        Arrays.fill(types, 0, LLAMA3_TEXT, NORMAL);
        Arrays.fill(types, LLAMA3_TEXT, LLAMA3_SIZE, CONTROL);
        writer.put("tokenizer.ggml.model", GgufValue.of("gpt2"))
                .put("tokenizer.ggml.pre", GgufValue.of("llama-bpe"))
                .put("tokenizer.ggml.tokens", GgufArray.ofStrings(tokens))
                .put("tokenizer.ggml.token_type", GgufArray.of(types))
                .put("tokenizer.ggml.merges", GgufArray.ofStrings(List.of("\u0120 a", "\u0120 b")))
                .put("tokenizer.ggml.bos_token_id", GgufValue.of(LLAMA3_TEXT))
                .put("tokenizer.ggml.eos_token_id", GgufValue.of(LLAMA3_TEXT + 9))
                .put("tokenizer.ggml.add_bos_token", GgufValue.of(true))
                .put("tokenizer.ggml.add_eos_token", GgufValue.of(false));
    }

    private static void putSentencePiece(GgufWriter writer, int size) {
        List<String> tokens = new ArrayList<>(SPECIAL);
        for (int i = 0; i < BYTES; i++) {
            tokens.add("<0x%02X>".formatted(i));
        }
        for (int i = 0; tokens.size() < size; i++) {
            tokens.add('\u2581' + letters(i));
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

    /** Words in the order a, b, … z, aa, ab, … */
    private static String letters(int index) {
        var letters = new StringBuilder();
        for (int i = index; i >= 0; i = i / 26 - 1) {
            letters.append((char) ('a' + i % 26));
        }
        return letters.reverse().toString();
    }
}
