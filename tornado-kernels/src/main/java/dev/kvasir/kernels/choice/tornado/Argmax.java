package dev.kvasir.kernels.choice.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The most likely token of each row of logits, the first of equals, in two launches: {@link #parts} finds the largest of
 * each of {@link #PARTS} slices of a row, {@link #whole} the largest of those. Both halve in local memory, twice
 * {@link #LOCAL} numbers; of two equal values the lower index stays, so that the order of comparing does not matter.
 */
public final class Argmax {
    /** Threads of a work-group. */
    static final int LOCAL = 128;
    /** Slices of a row, and work-groups that share a row in the first launch. */
    public static final int PARTS = 128;

    private static final float LOWEST = -1e30f;

    private Argmax() {}

    /**
     * The first launch: {@code PARTS} by {@code tokens} work-groups.
     *
     * @param active {@code [1]}: tokens of this step
     * @param logits {@code [tokens][n]}, none below -1e30
     * @param values {@code [tokens][PARTS]}, receives the largest of each slice
     * @param indices {@code [tokens][PARTS]}, receives where they are in their row
     */
    public static void parts(KernelContext context, IntArray active, FloatArray logits, FloatArray values,
            IntArray indices, int n) {
        float[] best = context.allocateFloatLocalArray(LOCAL);
        int[] where = context.allocateIntLocalArray(LOCAL);
        int token = context.groupIdy;
        boolean busy = token < active.get(0); // idle groups do not return before a barrier, see MatVec
        int thread = context.localIdx;
        float largest = LOWEST;
        int at = n - 1;
        int end = busy ? n : 0;
        for (int i = context.groupIdx * LOCAL + thread; i < end; i += PARTS * LOCAL) {
            float value = logits.get(token * n + i);
            if (value > largest) {
                largest = value;
                at = i;
            }
        }
        best[thread] = largest;
        where[thread] = at;
        for (int half = LOCAL / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                float other = best[thread + half];
                int there = where[thread + half];
                if (other > best[thread] || other == best[thread] && there < where[thread]) {
                    best[thread] = other;
                    where[thread] = there;
                }
            }
        }
        context.localBarrier();
        if (busy && thread == 0) {
            values.set(token * PARTS + context.groupIdx, best[0]);
            indices.set(token * PARTS + context.groupIdx, where[0]);
        }
    }

    /**
     * The second launch: one work-group a token.
     *
     * @param values {@code [tokens][PARTS]}
     * @param indices {@code [tokens][PARTS]}
     * @param tokens {@code [tokens]}, receives the index of the largest logit
     */
    public static void whole(KernelContext context, IntArray active, FloatArray values, IntArray indices,
            IntArray tokens) {
        float[] best = context.allocateFloatLocalArray(LOCAL);
        int[] where = context.allocateIntLocalArray(LOCAL);
        int token = context.groupIdx;
        int thread = context.localIdx;
        best[thread] = values.get(token * PARTS + thread);
        where[thread] = indices.get(token * PARTS + thread);
        for (int half = LOCAL / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                float other = best[thread + half];
                int there = where[thread + half];
                if (other > best[thread] || other == best[thread] && there < where[thread]) {
                    best[thread] = other;
                    where[thread] = there;
                }
            }
        }
        context.localBarrier();
        if (thread == 0 && token < active.get(0)) {
            tokens.set(token, where[0]);
        }
    }

    /**
     * Adds both tasks, {@code name} and {@code name + "Parts"}.
     *
     * @param values {@code [tokens][PARTS]}, scratch on the device
     * @param indices {@code [tokens][PARTS]}, scratch on the device
     * @param chosen {@code [tokens]}, receives the tokens
     */
    public static void addTo(TaskList tasks, String name, IntArray active, FloatArray logits, FloatArray values,
            IntArray indices, IntArray chosen, int vocabulary, int tokens) {
        addParts(tasks, name + "Parts", active, logits, values, indices, vocabulary, tokens);
        addWhole(tasks, name, active, values, indices, chosen, tokens);
    }

    private static void addParts(TaskList tasks, String name, IntArray active, FloatArray logits, FloatArray values,
            IntArray indices, int vocabulary, int tokens) {
        tasks.graph().task(name, Argmax::parts, tasks.context(), active, logits, values, indices, vocabulary);
        tasks.launch(name, Grids.plane(PARTS, tokens, LOCAL));
    }

    private static void addWhole(TaskList tasks, String name, IntArray active, FloatArray values, IntArray indices,
            IntArray chosen, int tokens) {
        tasks.graph().task(name, Argmax::whole, tasks.context(), active, values, indices, chosen);
        tasks.launch(name, Grids.line(tokens, LOCAL));
    }

    /** Both launches for the logits of one token. */
    public static List<KernelSample> samples() {
        return List.of(
                KernelSample.of("Argmax.parts", a -> addParts(a.tasks(), KernelSample.TASK, a.ints(1),
                        a.floats(KernelSample.VOCABULARY), a.floats(PARTS), a.ints(PARTS), KernelSample.VOCABULARY, 1)),
                KernelSample.of("Argmax.whole", a -> addWhole(a.tasks(), KernelSample.TASK, a.ints(1), a.floats(PARTS),
                        a.ints(PARTS), a.ints(1), 1)));
    }
}
