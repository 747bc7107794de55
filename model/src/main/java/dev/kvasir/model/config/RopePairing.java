package dev.kvasir.model.config;

/** The pairing of the elements of a head: one rotary angle turns the two elements of a pair. */
public enum RopePairing {
    /** Elements {@code 2i} and {@code 2i + 1}: the llama architecture's GGUF files. */
    INTERLEAVED,
    /** Elements {@code i} and {@code i + rotaryDim / 2}: qwen2, qwen3 (GPT-NeoX's order). */
    HALVES
}
