package dev.kvasir.kernels.rows.tornado;

import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rotary position embedding of queries and keys in one launch, one pair of elements a thread:
 * {@code (a, b) -> (a cos - b sin, a sin + b cos)}. The angles come from tables with a row a position, made once in
 * double precision: a float cannot hold {@code position * frequency} of a long text exactly enough. Elements of a head
 * beyond {@code rotated} stay as they are.
 *
 * <p>Launch: {@code tokens * (heads + kvHeads) * rotated / 2} threads, rounded up to work-groups of 128.
 */
public final class Rope {
    private static final int LOCAL = 128;
    private static final int NEIGHBOURS = 1;
    private static final int HALVES = 0;

    private Rope() {}

    /**
     * The kernel.
     *
     * @param active {@code [1]}: tokens of this step
     * @param positions {@code [tokens]}: rows of the tables
     * @param cos {@code [positions][rotated / 2]}
     * @param sin {@code [positions][rotated / 2]}
     * @param q {@code [tokens][heads][headDim]}
     * @param k {@code [tokens][kvHeads][headDim]}
     * @param rotated elements of a head that turn, even
     * @param neighbours 1: pairs are {@code (2 i, 2 i + 1)}; 0: {@code (i, i + rotated / 2)}
     */
    public static void turnPairs(KernelContext context, IntArray active, IntArray positions, FloatArray cos,
            FloatArray sin, FloatArray q, FloatArray k, int heads, int kvHeads, int headDim, int rotated,
            int neighbours) {
        int pairs = rotated / 2;
        int index = context.globalIdx;
        int i = index % pairs;
        int head = index / pairs % (heads + kvHeads);
        int token = index / pairs / (heads + kvHeads);
        if (token >= active.get(0)) {
            return;
        }
        int angle = positions.get(token) * pairs + i;
        int first = neighbours == NEIGHBOURS ? 2 * i : i;
        int second = neighbours == NEIGHBOURS ? first + 1 : first + pairs;
        if (head < heads) {
            turn(q, (token * heads + head) * headDim, first, second, cos.get(angle), sin.get(angle));
        } else {
            turn(k, (token * kvHeads + head - heads) * headDim, first, second, cos.get(angle), sin.get(angle));
        }
    }

    private static void turn(FloatArray x, int at, int first, int second, float cos, float sin) {
        float a = x.get(at + first);
        float b = x.get(at + second);
        x.set(at + first, a * cos - b * sin);
        x.set(at + second, a * sin + b * cos);
    }

    /** The launch shape for up to {@code tokens} tokens. */
    public static WorkerGrid grid(int heads, int kvHeads, int rotated, int tokens) {
        return Grids.line(Math.ceilDiv(tokens * (heads + kvHeads) * (rotated / 2), LOCAL), LOCAL);
    }

    /** Adds the task for pairs of neighbours: the layout of {@code llama} models in GGUF. */
    public static void addInterleavedTo(TaskList tasks, String name, IntArray active, IntArray positions,
            FloatArray cos, FloatArray sin, FloatArray q, FloatArray k, int heads, int kvHeads, int headDim,
            int rotated, int tokens) {
        add(tasks, name, active, positions, cos, sin, q, k, heads, kvHeads, headDim, rotated, NEIGHBOURS, tokens);
    }

    /** Adds the task for pairs half the rotated part apart: NeoX, and the {@code qwen} models. */
    public static void addHalvesTo(TaskList tasks, String name, IntArray active, IntArray positions, FloatArray cos,
            FloatArray sin, FloatArray q, FloatArray k, int heads, int kvHeads, int headDim, int rotated,
            int tokens) {
        add(tasks, name, active, positions, cos, sin, q, k, heads, kvHeads, headDim, rotated, HALVES, tokens);
    }

    private static void add(TaskList tasks, String name, IntArray active, IntArray positions, FloatArray cos,
            FloatArray sin, FloatArray q, FloatArray k, int heads, int kvHeads, int headDim, int rotated,
            int neighbours, int tokens) {
        tasks.graph()
                .task(name, Rope::turnPairs, tasks.context(), active, positions, cos, sin, q, k, heads, kvHeads,
                        headDim, rotated, neighbours);
        tasks.launch(name, grid(heads, kvHeads, rotated, tokens));
    }

    /** One token, for each pairing. */
    public static List<KernelSample> samples() {
        return List.of(KernelSample.of("Rope.interleaved", a -> addSample(a, NEIGHBOURS)),
                KernelSample.of("Rope.halves", a -> addSample(a, HALVES)));
    }

    private static void addSample(KernelSample.Arguments a, int neighbours) {
        int heads = KernelSample.QUERY_HEADS;
        int kvHeads = KernelSample.KV_HEADS;
        int headDim = KernelSample.HEAD_DIM;
        add(a.tasks(), KernelSample.TASK, a.ints(1), a.ints(1), a.floats(headDim / 2), a.floats(headDim / 2),
                a.floats(heads * headDim), a.floats(kvHeads * headDim), heads, kvHeads, headDim, headDim, neighbours,
                1);
    }
}
