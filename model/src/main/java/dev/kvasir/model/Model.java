package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.tensor.Matrix;
import dev.kvasir.kvcache.KvCaches;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.MemoryPlan.Part;
import dev.kvasir.model.MemoryPlan.Place;
import dev.kvasir.model.config.ConfigReader;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.config.ModelException;
import dev.kvasir.model.engine.CallEngine;
import dev.kvasir.model.engine.Engine;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.engine.VectorEngine;
import dev.kvasir.model.gguf.GgufArray;
import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.GgufValue;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.tokenizer.Tokenizer;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.PromptWatch;
import dev.kvasir.model.transformer.Transformer;
import dev.kvasir.model.transformer.Weights;
import dev.kvasir.model.transformer.WeightsLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model in memory, ready to run on one engine. Several threads may use it: each opens its own session, and the calls of
 * all sessions take turns.
 *
 * <pre>{@code
 * try (Model model = Model.load(file, EngineOptions.defaults());
 *         KvCache cache = model.newCache(CacheOptions.FULL, 2048, 1, CacheEvents.NONE);
 *         Session session = model.openSession(cache, 2048)) {
 *     float[] logits = session.prefill(model.tokenizer().orElseThrow().encode("Once upon a time"));
 *     …
 * }
 * }</pre>
 */
public final class Model implements AutoCloseable {
    /** Stands for a cache that has already been allocated. */
    private static final Part HELD = new Part("KV device", Place.NATIVE, 0, "");

    private final ModelConfig config;
    private final GgufFile file;
    private final Weights weights;
    private final Engine engine;
    private final EngineOptions options;
    private final Optional<Tokenizer> tokenizer;
    private final Turns turns;
    private volatile PromptWatch watch = PromptWatch.NONE;

    private Model(GgufFile file, ModelConfig config, Weights weights, Engine engine, EngineOptions options,
            Optional<Tokenizer> tokenizer) {
        this.file = file;
        this.config = config;
        this.weights = weights;
        this.engine = engine;
        this.options = options;
        this.tokenizer = tokenizer;
        turns = new Turns(file);
    }

    /**
     * Opens a GGUF file and packs its weights for an engine.
     *
     * @throws ModelException if the file cannot be read or is damaged, or if the model is not supported or does not fit
     *             into memory
     * @throws IllegalArgumentException if its tokenizer is not supported
     * @throws IllegalStateException if this JVM was started without the Vector API, which the vector engine needs; the
     *             message has the options of Java to add
     */
    public static Model load(Path path, EngineOptions options) {
        try {
            return open(path, options);
        } catch (GgufException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Model open(Path path, EngineOptions options) throws GgufException {
        GgufFile file = GgufFile.open(path);
        try {
            Engine engine = Engines.of(options);
            try {
                return load(file, engine, options);
            } catch (Throwable e) {
                engine.close();
                throw e;
            }
        } catch (InternalError e) {
            RuntimeException changed = file.explain(e);
            file.close();
            throw changed;
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    private static Model load(GgufFile file, Engine engine, EngineOptions options) throws GgufException {
        String source = file.path().toString();
        file.checkWhole();
        file.checkRead("token_embd.weight");
        int vocabulary = file.findMatrix("token_embd.weight").map(Matrix::rows).orElse(0);
        ModelConfig config = ConfigReader.read(source, key -> plain(file, key), vocabulary);
        // The tokenizer loads in parallel with the weights, from the start: a large vocabulary takes longer than
        // mapping the weights.
        var tokenizer = new FutureTask<>(() -> tokenizer(file));
        Thread.ofPlatform().daemon().name("kvasir-tokenizer").start(tokenizer);
        Weights weights;
        try {
            var loader = new WeightsLoader(source, name -> tensor(file, name), config,
                    engine.packer(file));
            new MemoryPlan(List.of(new Part("weights", Place.NATIVE, loader.packedBytes(),
                    "choose a smaller model or one quantised to fewer bits"))).check();
            weights = loader.load();
        } catch (Throwable e) {
            await(tokenizer); // the tokenizer reads the file, which will now be closed
            throw e;
        }
        await(tokenizer);
        return switch (tokenizer.state()) {
            case SUCCESS -> {
                tokenizer.resultNow().ifPresent(texts -> checkVocabulary(source, vocabulary, texts));
                yield new Model(file, config, weights, engine, options, tokenizer.resultNow());
            }
            default -> throw rethrown(tokenizer.exceptionNow());
        };
    }

    /** The value of a metadata key; an array is a list. */
    private static @Nullable Object plain(GgufFile file, String key) {
        GgufValue value = file.metadata().values().get(key);
        return switch (value) {
            case null -> null;
            case GgufArray array -> array.stream().map(GgufValue::plain).toList();
            default -> value.plain();
        };
    }

    private static @Nullable Matrix tensor(GgufFile file, String name) {
        try {
            file.checkRead(name);
        } catch (GgufException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
        return file.findMatrix(name).orElse(null);
    }

    /**
     * Checks that each row of the embedding table has a token and the other way round.
     *
     * @throws ModelException if not
     */
    private static void checkVocabulary(String source, int rows, Tokenizer tokenizer) {
        List<String> tokens = tokenizer.vocabulary().tokens();
        if (rows > tokens.size()) {
            throw new ModelException(
                    "%s: the embedding table has %d rows and the vocabulary %d tokens, so the last rows have no text: convert the model again"
                            .formatted(source, rows, tokens.size()));
        }
        if (rows < tokens.size()) {
            throw new ModelException(
                    "%s: the vocabulary has %d tokens and the embedding table %d rows, so token %d (%s) cannot be read: convert the model again"
                            .formatted(source, tokens.size(), rows, rows, tokens.get(rows)));
        }
    }

    private static Optional<Tokenizer> tokenizer(GgufFile file) throws GgufException {
        return file.metadata().has("tokenizer.ggml.model") ? Optional.of(Tokenizer.from(file)) : Optional.empty();
    }

    private static void await(Future<?> task) {
        boolean interrupted = false;
        while (!task.isDone()) {
            try {
                task.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break; // the caller checks the result
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException rethrown(Throwable thrown) throws GgufException {
        switch (thrown) {
            case GgufException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("the tokenizer failed: " + thrown, thrown);
        }
    }

    /** The model's shape. */
    public ModelConfig config() {
        return config;
    }

    /** The model's file with its metadata and tensors. It stays open as long as the model. */
    public GgufFile file() {
        return file;
    }

    /** The options of the engine. */
    public EngineOptions options() {
        return options;
    }

    /** The forms of the kernels that run, in words: for the vector engine with 16-bit pages of 16; empty for others. */
    public String kernels() {
        return engine instanceof VectorEngine vector
                ? vector.forms(new PageGeometry(16, config.kvHeads(), config.headDim(), KvType.F16))
                : "";
    }

    /** Sets the receiver of the progress of prompts in sessions and batches that are opened from now on. */
    public void watchPrompts(PromptWatch newWatch) {
        watch = newWatch;
    }

    /** The tokenizer, if the file has one. */
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    /**
     * Creates a cache on this model's engine, of pages or of single tokens, as the policy requires.
     *
     * @param contextTokens tokens of the longest sequence
     * @param sequences number of such sequences at the same time
     * @throws IllegalArgumentException if the options contradict each other or the model
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the given memory is too small
     * @throws ModelException if the machine's memory is too small; the message names the size of each part
     */
    public KvCache newCache(CacheOptions cacheOptions, int contextTokens, int sequences, CacheEvents events) {
        turns.begin();
        try {
            return engine.newCache(config, weights, cacheOptions, contextTokens, sequences, events,
                    bytes -> checkMemory(new Part("KV device", Place.NATIVE, bytes,
                            "lower contextTokens, CacheOptions.budget or CacheOptions.deviceMemory"), sequences));
        } finally {
            turns.end();
        }
    }

    /**
     * As {@link #newCache}, on a device that {@code watch} makes from the engine's own device, to time or record its
     * calls.
     *
     * @throws IllegalArgumentException if the engine runs task graphs, because those have no single calls
     */
    public KvCache newWatchedCache(CacheOptions cacheOptions, int contextTokens, int sequences, CacheEvents events,
            UnaryOperator<KvDevice> watch) {
        if (!(engine instanceof CallEngine calls)) {
            throw new IllegalArgumentException(
                    "the engine %s runs whole graphs, in which no single operation can be watched: set EngineOptions.kind to vector"
                            .formatted(options.kind().optionName()));
        }
        turns.begin();
        try {
            return KvCaches.create(config.cacheShape(), cacheOptions, contextTokens, sequences, (geometry, frames) -> {
                checkMemory(new Part("KV device", Place.NATIVE, frames * geometry.frameBytes(),
                        "lower contextTokens, CacheOptions.budget or CacheOptions.deviceMemory"), sequences);
                return watch.apply(calls.devices().create(geometry, frames));
            }, events);
        } finally {
            turns.end();
        }
    }

    /**
     * Opens one sequence of up to {@code maxTokens} tokens in a cache made for this model.
     *
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the cache cannot hold it
     * @throws ModelException if the buffers do not fit
     */
    public Session openSession(KvCache cache, int maxTokens) {
        return openSession(cache, maxTokens, PromptWatch.NONE);
    }

    /** As {@link #openSession(KvCache, int)}; {@code own} watches the prompts of this session besides the model's watch. */
    Session openSession(KvCache cache, int maxTokens, PromptWatch own) {
        turns.begin();
        try {
            checkMemory(HELD, 1);
            return new Session(turns, () -> decoder(cache, 1), cache.open(maxTokens), maxTokens, watch.and(own));
        } finally {
            turns.end();
        }
    }

    /**
     * Opens a session in a cache made for this model, and lets it continue as the one that was saved in a file would have:
     * bit for bit on the same engine and machine. The cache must have the same options; only its memories may have other
     * sizes.
     *
     * @throws FailureException if the file is cut or has changed, or is of another model or of other options
     * @throws IOException if it cannot be read
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the cache cannot hold it
     */
    public Session restore(KvCache cache, Path path) throws IOException {
        try (SessionFile saved = SessionFile.open(path, file)) {
            saved.skipConversation();
            saved.skipSampler();
            return restore(cache, saved, PromptWatch.NONE);
        }
    }

    /**
     * As {@link #restore(KvCache, Path)}; {@code sampler} takes up the random numbers and the recent tokens that were saved.
     *
     * @throws FailureException also if no sampler was saved
     */
    public Session restore(KvCache cache, Path path, Sampler sampler) throws IOException {
        try (SessionFile saved = SessionFile.open(path, file)) {
            saved.skipConversation();
            saved.sampler(sampler);
            return restore(cache, saved, PromptWatch.NONE);
        }
    }

    Session restore(KvCache cache, SessionFile saved, PromptWatch own) throws IOException {
        Session session = openSession(cache, saved.head().capacity(), own);
        try {
            session.restore(saved);
            return session;
        } catch (Throwable e) {
            session.close();
            throw e;
        }
    }

    /**
     * Opens a batch of up to {@code maxSequences} sequences in a cache made for this model.
     *
     * @throws ModelException if the buffers do not fit
     */
    public Batch openBatch(KvCache cache, int maxSequences) {
        turns.begin();
        try {
            checkMemory(HELD, maxSequences);
            return new Batch(turns, decoder(cache, maxSequences), cache, maxSequences, watch);
        } finally {
            turns.end();
        }
    }

    /** @throws IllegalStateException if the model is closed */
    void checkOpen() {
        turns.checkOpen();
    }

    private void checkMemory(Part keysAndValues, int sequences) {
        new MemoryPlan(List.of(new Part("weights", Place.NATIVE, weights.bytes(), "choose a smaller model"),
                keysAndValues,
                new Part("buffers of %d sequences".formatted(sequences), Place.HEAP,
                        Transformer.stepBytes(config, sequences), "run fewer sequences at once")))
                .check();
    }

    private Decoder decoder(KvCache cache, int maxBatch) {
        return engine.decoder(config, weights, cache, maxBatch, options.prefillChunk());
    }

    /**
     * Frees the memory, after the step under way. A prompt under way ends. Later calls on sessions and batches throw an
     * {@link IllegalStateException}, but they and their caches can still be closed. A second close does nothing.
     */
    @Override
    public void close() {
        turns.close(() -> {
            engine.close();
            file.close();
        });
    }
}
