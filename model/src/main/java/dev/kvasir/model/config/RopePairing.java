package dev.kvasir.model.config;

/** Which two elements of a head one rotary angle turns. */
public enum RopePairing {
    /** Elements {@code 2i} and {@code 2i + 1}: the llama architecture's GGUF files. */
    INTERLEAVED,
    /** Elements {@code i} and {@code i + rotaryDim / 2}: qwen2, qwen3 (GPT-NeoX's order). */
    HALVES
}
