package dev.kvasir.model.engine;

/**
 * How a model is run.
 *
 * @param threads cores the vector engine works on
 * @param activations what quantised weights are multiplied with
 * @param prefillChunk tokens of a prompt that go through a layer together
 */
public record EngineOptions(EngineKind kind, int threads, Activations activations, int prefillChunk) {

    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("%d threads do no work; give at least 1".formatted(threads));
        }
        if (prefillChunk < 1) {
            throw new IllegalArgumentException(
                    "prefill chunks of %d tokens; give at least 1".formatted(prefillChunk));
        }
    }

    /** The vector engine on all processors, int8 activations, chunks of 512 tokens. */
    public static EngineOptions defaults() {
        return new EngineOptions(EngineKind.VECTOR, Runtime.getRuntime().availableProcessors(), Activations.INT8, 512);
    }

    /** The scalar control. */
    public static EngineOptions reference() {
        return defaults().withKind(EngineKind.REFERENCE);
    }

    public EngineOptions withKind(EngineKind newKind) {
        return new EngineOptions(newKind, threads, activations, prefillChunk);
    }

    public EngineOptions withThreads(int newThreads) {
        return new EngineOptions(kind, newThreads, activations, prefillChunk);
    }

    public EngineOptions withActivations(Activations newActivations) {
        return new EngineOptions(kind, threads, newActivations, prefillChunk);
    }

    public EngineOptions withPrefillChunk(int tokens) {
        return new EngineOptions(kind, threads, activations, tokens);
    }
}
