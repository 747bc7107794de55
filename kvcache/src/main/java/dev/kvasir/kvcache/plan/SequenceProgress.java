package dev.kvasir.kvcache.plan;

/**
 * Where a sequence stands: empty, reading its prompt, at a layer of a step, or closed. Refuses what is out of turn.
 */
public final class SequenceProgress {
    private final int maxTokens;
    private final int layers;
    private int length;
    private long step;
    private int nextLayer; // of the step under way
    private boolean prompting;
    private boolean promptDone;
    private boolean closed;

    /** An empty sequence of up to {@code maxTokens}. */
    public SequenceProgress(int maxTokens, int layers) {
        this.maxTokens = maxTokens;
        this.layers = layers;
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
                    "a prompt of %d tokens does not fit a sequence opened for %d: raise --ctx-size or shorten it"
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
        if (step > 0 && nextLayer != layers) {
            throw new IllegalStateException("step %d ended at layer %d of %d".formatted(step, nextLayer, layers));
        }
        if (length == maxTokens) {
            throw new IllegalStateException(
                    "the sequence holds the %d tokens it was opened for: raise --ctx-size".formatted(maxTokens));
        }
        promptDone = true;
        length++;
        step++;
        nextLayer = 0;
    }

    /** @throws IllegalStateException if the step under way is not at this layer */
    public void checkLayer(int layer) {
        checkOpen();
        if (layer != nextLayer || step == 0) {
            throw new IllegalStateException(
                    "step %d is at layer %d, not at layer %d".formatted(step, nextLayer, layer));
        }
    }

    /** The layers of this step up to this one are computed. */
    public void computed(int layer) {
        nextLayer = layer + 1;
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
