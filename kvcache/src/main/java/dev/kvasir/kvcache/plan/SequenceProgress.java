package dev.kvasir.kvcache.plan;

import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/**
 * How far a sequence has got: empty, reading a text, at a layer and {@link StepPhase} of a decode step, or closed.
 * Refuses every call that is out of turn.
 */
public final class SequenceProgress {
    private final int maxTokens;
    private final int layers;
    private int length;
    private long step;
    private final StepPhase[] phases; // [layers]: the last phase of each; MERGE before its first
    private int opened; // layers of the step under way that have been in a phase
    private int merged; // layers of the step under way that are done
    private boolean reading;
    private boolean closed;

    /** An empty sequence of up to {@code maxTokens}. */
    public SequenceProgress(int maxTokens, int layers) {
        this.maxTokens = maxTokens;
        this.layers = layers;
        phases = new StepPhase[layers];
        Arrays.fill(phases, StepPhase.MERGE);
    }

    /** Tokens held, the one of the step under way included. */
    public int length() {
        return length;
    }

    /** The tokens it may come to hold. */
    public int maxTokens() {
        return maxTokens;
    }

    /** Steps begun. */
    public long step() {
        return step;
    }

    /** Whether a text was announced and is not read yet. */
    public boolean isReading() {
        return reading;
    }

    /**
     * Makes sure that a text may be read.
     *
     * @throws IllegalStateException if another text, or a step, lacks layers
     * @throws IllegalArgumentException if there is no room for it
     */
    public void checkText(int tokens) {
        checkOpen();
        if (reading) {
            throw new IllegalStateException("another text is being read: layers are missing");
        }
        checkStepEnded();
        if (tokens < 1 || tokens > maxTokens - length) {
            throw new IllegalArgumentException(
                    "a text of %d tokens does not fit behind %d in a sequence opened for %d: raise contextTokens or shorten it"
                            .formatted(tokens, length, maxTokens));
        }
    }

    /** @throws IllegalStateException if there are tokens already */
    public void checkEmpty() {
        checkOpen();
        if (length > 0) {
            throw new IllegalStateException(
                    "this text goes into an empty sequence, and this one holds %d tokens".formatted(length));
        }
    }

    /** An empty sequence begins with {@code tokens} tokens that another one has read. */
    public void begin(int tokens) {
        checkEmpty();
        length = tokens;
    }

    /** A text is being read. */
    public void textBegins(int tokens) {
        reading = true;
        length += tokens;
    }

    /** @throws IllegalStateException if no text is being read */
    public void checkReading() {
        checkOpen();
        if (!reading) {
            throw new IllegalStateException("no text was announced: call beginPrefill first");
        }
    }

    /** The text has been read in all layers. */
    public void textEnds() {
        reading = false;
    }

    private void checkStepEnded() {
        if (step > 0 && merged != layers) {
            throw new IllegalStateException("step %d ended at layer %d of %d".formatted(step, merged, layers));
        }
    }

    /**
     * Grows by the token of a new step.
     *
     * @throws IllegalStateException if a text or the step before lacks layers, or the sequence is full
     */
    public void beginStep() {
        checkOpen();
        if (reading) {
            throw new IllegalStateException("the text is not read yet: layers are missing");
        }
        checkStepEnded();
        if (length == maxTokens) {
            throw new IllegalStateException(
                    "the sequence holds the %d tokens it was opened for: raise contextTokens".formatted(maxTokens));
        }
        length++;
        step++;
        opened = 0;
        merged = 0;
    }

    /**
     * Makes sure that the sequence is between two steps.
     *
     * @throws IllegalStateException if it is in the middle of a text or a step
     */
    public void checkAtRest() {
        checkOpen();
        if (reading || step > 0 && merged != layers) {
            throw new IllegalStateException(
                    "the sequence is in the middle of a text or a step: it can be saved or forked only between two");
        }
    }

    /** Writes how far it has got. */
    public void save(StateWriter state) {
        state.writeInt(length);
        state.writeLong(step);
    }

    /** Continues where another one is that is at rest; only if this one is empty. */
    public void copy(SequenceProgress of) {
        checkEmpty();
        length = of.length;
        step = of.step;
        opened = layers;
        merged = layers;
    }

    /**
     * Continues where another one was saved.
     *
     * @throws IllegalStateException if there are tokens already
     */
    public void restore(StateReader state) {
        checkOpen();
        if (length > 0 || reading) {
            throw new IllegalStateException(
                    "a saved sequence is restored into an empty one, and this one holds %d tokens".formatted(length));
        }
        length = state.readInt(0, maxTokens);
        step = state.readLong();
        opened = layers;
        merged = layers;
    }

    /** @throws IllegalStateException if the step under way is not at this layer */
    public void checkLayer(int layer) {
        checkOpen();
        if (layer != merged || step == 0) {
            throw notAt(layer, merged);
        }
    }

    /**
     * A layer enters a phase. Layers open one after the other and are merged one after the other; between the two,
     * several may be under way.
     *
     * @param after the phase that the layer must be in; {@link StepPhase#MERGE} before its first phase in a step
     * @throws IllegalStateException if the layer is in another phase, or another layer is next
     */
    public void enter(int layer, StepPhase phase, StepPhase after) {
        if (after == StepPhase.MERGE) {
            if (layer != opened || step == 0) {
                throw notAt(layer, opened);
            }
            opened++;
        } else {
            check(layer, after);
        }
        if (phase == StepPhase.MERGE) {
            checkLayer(layer);
            merged++;
        }
        phases[layer] = phase;
    }

    /** @throws IllegalStateException if the layer is not in this phase */
    public void check(int layer, StepPhase phase) {
        if (phases[layer] != phase) {
            throw new IllegalStateException("step %d, layer %d: the last phase was %s, but this call follows %s"
                    .formatted(step, layer, phases[layer], phase));
        }
    }

    private IllegalStateException notAt(int layer, int next) {
        return new IllegalStateException("step %d is at layer %d, not at layer %d".formatted(step, next, layer));
    }

    /** @throws IllegalStateException if the sequence is closed */
    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the sequence is closed");
        }
    }

    /** Ends it; whether it was open. */
    public boolean close() {
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }
}
