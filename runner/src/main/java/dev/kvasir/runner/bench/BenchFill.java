package dev.kvasir.runner.bench;

/** How a cache is filled up to a test's depth. */
public enum BenchFill {
    /** Random tokens, read as a prompt. */
    PROMPT,
    /** Seeded random keys and values: fast for every size of model. */
    RANDOM
}
