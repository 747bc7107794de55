package dev.kvasir.lab;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.kvcache.plan.KvMemoryException;
import dev.kvasir.model.Model;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The tools of a measurement: the model on its engine, the settings, and a check for interruption. */
public final class Lab implements AutoCloseable {
    private final OpenModel chosen;
    private final Settings settings;
    private final BooleanSupplier interrupted;
    private final Consumer<String> warnings;
    private boolean isLengthTold;
    private final Map<EngineKind, OpenModel> open = new EnumMap<>(EngineKind.class);

    /** A lab without warnings. */
    public Lab(OpenModel chosen, Settings settings, BooleanSupplier interrupted) {
        this(chosen, settings, interrupted, warning -> {});
    }

    /**
     * A lab with a model on the engine that the user chose. Closing the lab closes the model.
     *
     * @param warnings receives a sentence for the user, such as one about a text that is too long for the model
     */
    public Lab(OpenModel chosen, Settings settings, BooleanSupplier interrupted, Consumer<String> warnings) {
        this.warnings = warnings;
        this.chosen = chosen;
        this.settings = settings;
        this.interrupted = interrupted;
        open.put(chosen.model().options().kind(), chosen);
        chosen.model().watchPrompts((done, total) -> checkStopped());
    }

    /** The model on the engine that the user chose. */
    public Model model() {
        return chosen.model();
    }

    /** Its tokenizer. */
    public Tokenizer tokenizer() {
        return chosen.tokenizer();
    }

    /** The model on another engine. It is loaded once and kept. */
    public OpenModel open(EngineKind kind) {
        return open.computeIfAbsent(kind, k -> {
            OpenModel opened = OpenModel.open(chosen.file(), chosen.model().options().withKind(k));
            opened.model().watchPrompts((done, total) -> checkStopped());
            return opened;
        });
    }

    /** The user's settings. */
    public Settings settings() {
        return settings;
    }

    /**
     * Ends the current cell if the user has interrupted the run. Experiments call this about once a token.
     *
     * @throws StoppedException if the run was interrupted
     */
    public void checkStopped() {
        if (interrupted.getAsBoolean()) {
            throw new StoppedException();
        }
    }

    /** Warns, once, if a text of that many tokens is longer than those that the model was trained on. */
    public void checkLength(int tokens) {
        beyondTraining(model(), tokens).filter(warning -> !isLengthTold).ifPresent(warning -> {
            isLengthTold = true;
            warnings.accept(warning);
        });
    }

    /** The warning about a text of that many tokens, if the model was trained on shorter ones. */
    public static Optional<String> beyondTraining(Model model, int tokens) {
        int trained = model.config().contextLength();
        return tokens <= trained
                ? Optional.empty()
                : Optional.of(
                        "the model was trained on texts of up to %d tokens, and this run has %d: beyond %d its answers may be wrong under every policy"
                                .formatted(trained, tokens, trained));
    }

    /**
     * Creates a new cache for a cell, and a session in it.
     *
     * @param capacity tokens that must fit
     * @throws SkippedException if the budget is under the policy's floor, or the given memory does not suffice
     */
    public Place place(CacheOptions options, int capacity, CacheEvents events) {
        Model model = model();
        checkLength(capacity);
        KvCache cache = null;
        try {
            cache = model.newCache(options, capacity, 1, events);
            return new Place(cache, model.openSession(cache, capacity));
        } catch (IllegalArgumentException | KvMemoryException e) {
            if (cache != null) {
                cache.close();
            }
            throw new SkippedException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        open.values().forEach(OpenModel::close);
        open.clear();
    }

    /** A session and its own cache. */
    public record Place(KvCache cache, Session session) implements AutoCloseable {
        @Override
        public void close() {
            session.close();
            cache.close();
        }
    }
}
