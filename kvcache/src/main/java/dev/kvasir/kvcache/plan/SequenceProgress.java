package dev.kvasir.kvcache.plan;

import dev.kvasir.kvcache.state.StateReader;
import dev.kvasir.kvcache.state.StateWriter;
import java.util.Arrays;

/**
 * How far a sequence has got: empty, reading its prompt, at a layer and {@link StepPhase} of a decode step, or closed.
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
    private boolean prompting;
    private boolean promptDone;
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

    /** Whether a prompt was announced and is not read yet. */
    public boolean isPrompting() {
        return prompting;
    }

    /** Whether no prompt is to be read any more. */
    public boolean isPromptDone() {
        return promptDone;
    }

    /**
     * Makes sure that a prompt may be read.
     *
     * @throws IllegalStateException if there are tokens already
     * @throws IllegalArgumentException if there is no room for it
     */
    public void checkPrompt(int tokens) {
        checkOpen();
        if (length > 0 || prompting) {
            throw new IllegalStateException(
                    "a prompt goes into an empty sequence, this one holds %d tokens: go on with beginStep".formatted(
                            length));
        }
        if (tokens < 1 || tokens > maxTokens) {
            throw new IllegalArgumentException(
                    "a prompt of %d tokens does not fit a sequence opened for %d: raise contextTokens or shorten it"
                            .formatted(tokens, maxTokens));
        }
    }

    /** A prompt is being read. */
    public void promptBegins(int tokens) {
        prompting = true;
        length = tokens;
    }

    /** @throws IllegalStateException if no prompt is being read */
    public void checkPrompting() {
        checkOpen();
        if (!prompting) {
            throw new IllegalStateException("no prompt was announced: call beginPrefill first");
        }
    }

    /** The prompt has been read in all layers. */
    public void promptEnds() {
        prompting = false;
        promptDone = true;
    }

    /**
     * Grows by the token of a new step.
     *
     * @throws IllegalStateException if a prompt or the step before lacks layers, or the sequence is full
     */
    public void beginStep() {
        checkOpen();
        if (prompting) {
            throw new IllegalStateException("the prompt is not read yet: layers are missing");
        }
        if (step > 0 && merged != layers) {
            throw new IllegalStateException("step %d ended at layer %d of %d".formatted(step, merged, layers));
        }
        if (length == maxTokens) {
            throw new IllegalStateException(
                    "the sequence holds the %d tokens it was opened for: raise contextTokens".formatted(maxTokens));
        }
        promptDone = true;
        length++;
        step++;
        opened = 0;
        merged = 0;
    }

    /**
     * Makes sure that the sequence is between two steps.
     *
     * @throws IllegalStateException if it is in the middle of a prompt or a step
     */
    public void checkAtRest() {
        checkOpen();
        if (prompting || step > 0 && merged != layers) {
            throw new IllegalStateException(
                    "the sequence is in the middle of a prompt or a step: it can be saved only between two");
        }
    }

    /** Writes how far it has got. */
    public void save(StateWriter state) {
        state.writeInt(length);
        state.writeLong(step);
        state.writeInt(promptDone ? 1 : 0);
    }

    /**
     * Continues where another one was saved.
     *
     * @throws IllegalStateException if there are tokens already
     */
    public void restore(StateReader state) {
        checkOpen();
        if (length > 0 || prompting) {
            throw new IllegalStateException(
                    "a saved sequence is restored into an empty one, and this one holds %d tokens".formatted(length));
        }
        length = state.readInt(0, maxTokens);
        step = state.readLong();
        promptDone = state.readInt(0, 1) == 1;
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
