package dev.kvasir.runner.bench;

/**
 * What all rows of a benchmark share.
 *
 * @param modelFile its path as given
 * @param modelType architecture, size and the type of most of its weights
 * @param modelBytes bytes of its tensors
 * @param parameters elements of its tensors
 * @param engine the engine's name, llama-bench's backend
 * @param threads cores it works on
 * @param activations what quantised weights are multiplied with
 * @param cpu the processor's name
 */
public record BenchSetup(String modelFile, String modelType, long modelBytes, long parameters, String engine,
        int threads, String activations, String cpu) {}
