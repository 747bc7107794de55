package dev.kvasir.kernels.choice.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Draws the next token on the device, so that no logits cross to the host. {@link #cut} sorts slices of
 * {@link #SLICE} logits and keeps the {@link #KEPT} largest of each, launch after launch, until one slice is left: three
 * launches for 128,000 tokens. {@link #draw} then applies top-k, top-p, min-p and temperature in this order, and takes the
 * token that a uniform number from the host selects. The softmax of top-p is over the tokens that top-k leaves.
 *
 * <p>A draw without top-k, or with one above {@link #KEPT}, needs all logits: make it on the host.
 */
public final class Sampling {
    /** Logits that one work-group sorts. */
    public static final int SLICE = 1024;
    /** The largest top-k. */
    public static final int KEPT = 64;
    /** Numbers of {@code options} for one token: temperature (0 is greedy), top-p, min-p, a uniform number in [0, 1). */
    public static final int OPTIONS = 4;

    private static final int LOCAL = 128;
    private static final float LOWEST = -1e30f;

    private Sampling() {}

    /**
     * Keeps the {@link #KEPT} largest of each slice, sorted; of equals the lower id comes first. Bitonic sort in local
     * memory. Launch: {@code ceil(n / SLICE)} by {@code tokens} work-groups of {@link #LOCAL} threads; 8 KB of local memory.
     *
     * @param active {@code [1]}: tokens of this step
     * @param values {@code [tokens][n]}, none below -1e30
     * @param ids {@code [tokens][n]}, not read if {@code first} is 1
     * @param keptValues {@code [tokens][slices][KEPT]}; where a slice is shorter, the last are -1e30
     * @param keptIds {@code [tokens][slices][KEPT]}
     * @param first 1: {@code values} are logits, and ids are their indices
     */
    public static void cut(KernelContext context, IntArray active, FloatArray values, IntArray ids,
            FloatArray keptValues, IntArray keptIds, int n, int first) {
        float[] value = context.allocateFloatLocalArray(SLICE);
        int[] id = context.allocateIntLocalArray(SLICE);
        int thread = context.localIdx;
        int token = context.groupIdy;
        int slices = (n + SLICE - 1) / SLICE;
        int busy = token < active.get(0) ? 1 : 0; // idle groups do not return before a barrier, see MatVec
        for (int i = thread; i < SLICE; i += LOCAL) {
            int at = context.groupIdx * SLICE + i;
            float v = LOWEST;
            int name = Integer.MAX_VALUE;
            if (busy == 1 && at < n) {
                v = values.get(token * n + at);
                name = first == 1 ? at : ids.get(token * n + at);
            }
            value[i] = v;
            id[i] = name;
        }
        for (int size = 2; size <= SLICE; size *= 2) {
            for (int stride = size / 2; stride > 0; stride /= 2) {
                context.localBarrier();
                for (int pair = thread; pair < SLICE / 2; pair += LOCAL) {
                    int i = 2 * pair - (pair & (stride - 1));
                    int j = i + stride;
                    float a = value[i];
                    float b = value[j];
                    int nameA = id[i];
                    int nameB = id[j];
                    // numbers, because equality of two conditions is miscompiled
                    int rising = 0;
                    if (a < b || a == b && nameA > nameB) {
                        rising = size;
                    }
                    if (rising != (i & size)) {
                        value[i] = b;
                        value[j] = a;
                        id[i] = nameB;
                        id[j] = nameA;
                    }
                }
            }
        }
        context.localBarrier();
        if (busy == 1 && thread < KEPT) {
            int at = (token * slices + context.groupIdx) * KEPT + thread;
            keptValues.set(at, value[thread]);
            keptIds.set(at, id[thread]);
        }
    }

    /**
     * Draws one of the candidates that {@link #cut} left. One thread a token: at most {@link #KEPT} steps.
     *
     * @param active {@code [1]}: tokens of this step
     * @param values {@code [tokens][KEPT]}, descending
     * @param ids {@code [tokens][KEPT]}
     * @param topK {@code [tokens]}, 1 to {@link #KEPT}
     * @param options {@code [tokens][OPTIONS]}
     * @param chosen {@code [tokens]}, receives the tokens
     */
    public static void draw(KernelContext context, IntArray active, FloatArray values, IntArray ids, IntArray topK,
            FloatArray options, IntArray chosen) {
        int token = context.globalIdx;
        if (token < active.get(0)) {
            int at = token * KEPT;
            float temperature = options.get(token * OPTIONS);
            float topP = options.get(token * OPTIONS + 1);
            float minP = options.get(token * OPTIONS + 2);
            float uniform = options.get(token * OPTIONS + 3);
            int limit = Math.min(topK.get(token), KEPT);
            float max = values.get(at);
            float total = 0;
            for (int i = 0; i < limit; i++) {
                total += weight(values.get(at + i), max, 1);
            }
            float share = topP < 1 ? topP * total : 2 * total;
            float reached = 0;
            int count = 0;
            // exp(v - max) >= minP is top-p's weight against a share of the largest one, which is 1
            while (count < limit && reached < share && weight(values.get(at + count), max, 1) >= minP
                    && values.get(at + count) > LOWEST) {
                reached += weight(values.get(at + count), max, 1);
                count++;
            }
            int pick = 0;
            if (temperature > 0) {
                float sum = 0;
                for (int i = 0; i < count; i++) {
                    sum += weight(values.get(at + i), max, temperature);
                }
                float left = uniform * sum - weight(max, max, temperature);
                while (pick < count - 1 && left >= 0) {
                    pick++;
                    left -= weight(values.get(at + pick), max, temperature);
                }
            }
            chosen.set(token, ids.get(at + pick));
        }
    }

    private static float weight(float value, float max, float temperature) {
        return TornadoMath.exp(Math.max((value - max) / temperature, -80f));
    }

    /** How many numbers a row of {@code n} has left after one {@link #cut}. */
    public static int cutTo(int n) {
        return Math.ceilDiv(n, SLICE) * KEPT;
    }

    /**
     * Adds the tasks: {@code nameCut1}, {@code nameCut2}, … and {@code name}.
     *
     * @param topK {@code [tokens]}, 1 to {@link #KEPT}
     * @param options {@code [tokens][OPTIONS]}
     * @param scratch of this vocabulary
     * @param chosen {@code [tokens]}, receives the tokens
     */
    public static void addTo(TaskList tasks, String name, IntArray active, FloatArray logits, IntArray topK,
            FloatArray options, Scratch scratch, IntArray chosen, int vocabulary, int tokens) {
        FloatArray values = logits;
        IntArray ids = chosen; // not read by the first cut
        int n = vocabulary;
        for (int stage = 0; stage < scratch.values().length; stage++) {
            addCut(tasks, name + "Cut" + (stage + 1), active, values, ids, scratch.values()[stage],
                    scratch.ids()[stage], n, stage == 0 ? 1 : 0, tokens);
            values = scratch.values()[stage];
            ids = scratch.ids()[stage];
            n = cutTo(n);
        }
        addDraw(tasks, name, active, values, ids, topK, options, chosen, tokens);
    }

    private static void addCut(TaskList tasks, String name, IntArray active, FloatArray values, IntArray ids,
            FloatArray keptValues, IntArray keptIds, int n, int first, int tokens) {
        tasks.graph()
                .task(name, Sampling::cut, tasks.context(), active, values, ids, keptValues, keptIds, n, first);
        tasks.launch(name, Grids.plane(Math.ceilDiv(n, SLICE), tokens, LOCAL));
    }

    private static void addDraw(TaskList tasks, String name, IntArray active, FloatArray values, IntArray ids,
            IntArray topK, FloatArray options, IntArray chosen, int tokens) {
        tasks.graph().task(name, Sampling::draw, tasks.context(), active, values, ids, topK, options, chosen);
        tasks.launch(name, Grids.line(tokens, 1));
    }

    /** The first cut of the logits of one token, and its draw. */
    public static List<KernelSample> samples() {
        int n = KernelSample.VOCABULARY;
        return List.of(
                KernelSample.of("Sampling.cut", a -> addCut(a.tasks(), KernelSample.TASK, a.ints(1), a.floats(n),
                        a.ints(1), a.floats(cutTo(n)), a.ints(cutTo(n)), n, 1, 1)),
                KernelSample.of("Sampling.draw", a -> addDraw(a.tasks(), KernelSample.TASK, a.ints(1), a.floats(KEPT),
                        a.ints(KEPT), a.ints(1), a.floats(OPTIONS), a.ints(1), 1)));
    }

    /**
     * The results of each {@link #cut}, on the device.
     *
     * @param values for each cut {@code [tokens][slices][KEPT]}
     * @param ids for each cut, as {@code values}
     */
    public record Scratch(FloatArray[] values, IntArray[] ids) {

        /** Room for the cuts of {@code vocabulary} logits of up to {@code tokens} tokens. */
        public static Scratch of(int vocabulary, int tokens) {
            int cuts = 1;
            for (int n = vocabulary; n > SLICE; n = cutTo(n)) {
                cuts++;
            }
            var values = new FloatArray[cuts];
            var ids = new IntArray[cuts];
            int n = vocabulary;
            for (int i = 0; i < cuts; i++) {
                n = cutTo(n);
                values[i] = new FloatArray(n * tokens);
                ids[i] = new IntArray(n * tokens);
            }
            return new Scratch(values, ids);
        }
    }
}
