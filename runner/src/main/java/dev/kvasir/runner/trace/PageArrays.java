package dev.kvasir.runner.trace;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.page.PageState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Collects page events and writes them as arrays {@code [1 + steps][layers][groups][pages]}; step 0 is the prompt. Under a
 * policy of single tokens a group is a KV head and a page is a token.
 *
 * <pre>
 * state.npy       after each step: 0 not full yet, 1 on the device, 2 not on the device
 * selected.npy    1 where a page is among the winners of the step
 * importance.npy  the latest estimate of the step, NaN where there is none
 * </pre>
 */
public final class PageArrays implements CacheEvents {
    private static final int FIELDS = 5;

    private final int layers;
    private int[] events = new int[FIELDS << 10]; // kind, step, layer, group, page
    private float[] importances = new float[1 << 10];
    private int count;
    private int groups = 1;
    private int pages;
    private int steps;

    /** Nothing yet, of a model of {@code layers} layers. */
    public PageArrays(int layers) {
        this.layers = layers;
    }

    @Override
    public void page(Kind kind, PageState state, long step, int layer, int sequence, int group, int page,
            float importance, long bytes) {
        if (count == importances.length) {
            events = Arrays.copyOf(events, Math.multiplyExact(2, events.length));
            importances = Arrays.copyOf(importances, 2 * importances.length);
        }
        int[] fields = {kind.ordinal(), (int) step, layer, group, page};
        System.arraycopy(fields, 0, events, count * FIELDS, FIELDS);
        importances[count++] = importance;
        groups = Math.max(groups, group + 1);
        pages = Math.max(pages, page + 1);
        steps = Math.max(steps, (int) step);
    }

    /**
     * Writes the arrays.
     *
     * @throws IOException if they cannot be written, or have more numbers than an array of Java holds
     */
    public void write(Path folder) throws IOException {
        long size = (1L + steps) * layers * groups * pages;
        if (size > Integer.MAX_VALUE - 8) {
            throw new IOException(
                    "%d steps of %d layers, %d groups and %d pages are more numbers than a file can have: export fewer steps with -n"
                            .formatted(steps, layers, groups, pages));
        }
        int[] shape = {1 + steps, layers, groups, pages};
        byte[] state = new byte[(int) size];
        byte[] selected = new byte[(int) size];
        float[] importance = new float[(int) size];
        Arrays.fill(importance, Float.NaN);
        int ofStep = layers * groups * pages;
        int step = 0;
        for (int i = 0; i < count; i++) {
            int at = i * FIELDS;
            for (; step < events[at + 1]; step++) {
                System.arraycopy(state, step * ofStep, state, (step + 1) * ofStep, ofStep);
            }
            int place = ((step * layers + events[at + 2]) * groups + events[at + 3]) * pages + events[at + 4];
            Kind kind = Kind.values()[events[at]];
            switch (kind) {
                case FILLED, RECALLED, PREFETCHED -> state[place] = 1;
                case EVICTED -> state[place] = 2;
                case SELECTED -> selected[place] = 1;
                case BACKED_UP, UNUSED -> {
                }
            }
            importance[place] = Float.isNaN(importances[i]) ? importance[place] : importances[i];
        }
        NpyFile.write(folder.resolve("state.npy"), state, shape);
        NpyFile.write(folder.resolve("selected.npy"), selected, shape);
        NpyFile.write(folder.resolve("importance.npy"), importance, shape);
    }
}
