package dev.kvasir.runner.bench;

/** How a cache is filled down to a test's depth. */
public enum BenchFill {
    /** Random tokens, read as a prompt. */
    PROMPT,
    /** Seeded random keys and values: fast, whatever the size of the model. */
    RANDOM
}
