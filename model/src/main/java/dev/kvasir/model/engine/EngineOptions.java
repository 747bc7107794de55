package dev.kvasir.model.engine;

import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kvcache.transfer.PageCopies;
import dev.kvasir.model.repack.RepackPlaces;

/**
 * The options of an engine.
 *
 * @param threads number of cores that the vector engine uses
 * @param prefillChunk number of prompt tokens that pass through a layer together
 * @param device the device that the TornadoVM engine runs on, by its id or part of its name; empty for the first
 * @param pageCopies how the TornadoVM engine copies pages
 * @param activations the form of activations in the vector engine's products
 * @param repackPlaces folders in which the vector engine keeps packed weights for the next start
 */
public record EngineOptions(EngineKind kind, int threads, int prefillChunk, String device,
        PageCopies pageCopies, ActivationType activations, RepackPlaces repackPlaces) {

    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("%d threads cannot work; give at least 1".formatted(threads));
        }
        if (prefillChunk < 1) {
            throw new IllegalArgumentException(
                    "prefill chunks of %d tokens; give at least 1".formatted(prefillChunk));
        }
    }

    /** The vector engine on all processors, chunks of 512 tokens. */
    public static EngineOptions defaults() {
        return new EngineOptions(EngineKind.VECTOR, Runtime.getRuntime().availableProcessors(), 512, "",
                PageCopies.STAGED, ActivationType.INT8, RepackPlaces.NONE);
    }

    /** The scalar control. */
    public static EngineOptions reference() {
        return defaults().withKind(EngineKind.REFERENCE);
    }

    public EngineOptions withKind(EngineKind newKind) {
        return new EngineOptions(newKind, threads, prefillChunk, device, pageCopies, activations, repackPlaces);
    }

    public EngineOptions withThreads(int newThreads) {
        return new EngineOptions(kind, newThreads, prefillChunk, device, pageCopies, activations, repackPlaces);
    }

    public EngineOptions withPrefillChunk(int tokens) {
        return new EngineOptions(kind, threads, tokens, device, pageCopies, activations, repackPlaces);
    }

    public EngineOptions withDevice(String name) {
        return new EngineOptions(kind, threads, prefillChunk, name, pageCopies, activations, repackPlaces);
    }

    public EngineOptions withPageCopies(PageCopies how) {
        return new EngineOptions(kind, threads, prefillChunk, device, how, activations, repackPlaces);
    }

    public EngineOptions withActivations(ActivationType type) {
        return new EngineOptions(kind, threads, prefillChunk, device, pageCopies, type, repackPlaces);
    }

    public EngineOptions withRepackPlaces(RepackPlaces places) {
        return new EngineOptions(kind, threads, prefillChunk, device, pageCopies, activations, places);
    }
}
