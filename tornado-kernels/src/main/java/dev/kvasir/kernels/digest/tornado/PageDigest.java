package dev.kvasir.kernels.digest.tornado;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.kernels.launch.Grids;
import dev.kvasir.kernels.launch.KernelSample;
import dev.kvasir.kernels.launch.TaskList;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Floats;
import dev.kvasir.kernels.page.tornado.FrameBuffer.Halves;
import dev.kvasir.kernels.page.tornado.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Digests full pages: {@link DigestKind} has the formulas. One work-group takes one page and head. It reads the keys once
 * and in order into local memory, {@code TILE} dimensions at a time. There a work-item takes a dimension and goes over its
 * tokens; then, for spheres, it takes a token and goes over the dimensions.
 *
 * <p>Sums are floats, so results differ from those of the scalar reference in the last bits. Upper bounds stay upper
 * bounds: the corners of {@code CUBOID_MAX} are elements of keys, and the radius of {@code SPHERE_MAX} is raised by more
 * than its sum can have lost. Local memory: {@code TILE * (pageSize + 2) + THREADS} floats.
 */
public final class PageDigest {
    /** Work-items of a group, and the largest page: each owns a token. */
    private static final int THREADS = 128;
    /** Dimensions in local memory at a time. */
    private static final int TILE = 32;
    /** The largest relative error of rounding one sum to a float. */
    private static final float ROUNDING = 0x1p-24f;
    /** The largest step from one half to the next, relative to it and absolute. */
    private static final float HALF_ULP = 0x1p-10f;
    private static final float HALF_STEP = 0x1p-24f;

    static final float LARGEST_HALF = 65504f;
    private static final float LARGEST_FLOAT = Float.MAX_VALUE;

    private PageDigest() {}

    /**
     * Adds the task, a work-group for each page and head.
     *
     * @param source {@code [pages]}: as many pages are launched
     */
    public static void addTo(TaskList tasks, String name, FrameBuffer frames, IntArray source, IntArray target,
            IntArray lane, DigestKind kind) {
        var page = frames.geometry();
        switch (frames) {
            case Floats floats -> tasks.graph()
                    .task(name, PageDigest::digest, tasks.context(), floats.array(), source, target, lane,
                            kind.ordinal(), page.heads(), page.headDim(), page.pageSize());
            case Halves halves -> tasks.graph()
                    .task(name, PageDigest::digestHalf, tasks.context(), halves.array(), source, target, lane,
                            kind.ordinal(), page.heads(), page.headDim(), page.pageSize());
        }
        tasks.launch(name, Grids.plane(source.getSize(), page.heads(), THREADS));
    }

    /**
     * Digests page after page.
     *
     * @param source {@code [pages]} the frame of each full page; below 0: no page
     * @param target {@code [pages]} the {@link DigestKind#frames} it is digested into
     * @param lane {@code [pages]} and the lane there
     * @param kind the ordinal of a {@link DigestKind}
     * @param heads KV heads of a frame
     */
    public static void digest(KernelContext context, FloatArray frames, IntArray source, IntArray target,
            IntArray lane, int kind, int heads, int headDim, int pageSize) {
        int thread = context.localIdx;
        int head = context.groupIdy;
        int page = source.get(context.groupIdx);
        float[] keys = context.allocateFloatLocalArray(TILE * (pageSize + 1)); // [TILE][pageSize + 1]
        float[] centres = context.allocateFloatLocalArray(TILE);
        float[] distances = context.allocateFloatLocalArray(THREADS);
        int digested = page >= 0 ? headDim : 0;
        int tokens = Math.min(DigestKind.TOKENS_A_NUMBER, pageSize);
        int pitch = pageSize + 1; // columns lie in different banks
        int stride = Frames.stride(heads, headDim, pageSize);
        int from = page * stride + head * Frames.headElements(headDim, pageSize);
        int targets = context.groupIdx * DigestKinds.frames(kind, pageSize);
        int within = head * Frames.headElements(headDim, pageSize) + lane.get(context.groupIdx);
        int to = target.get(targets) * stride + within;
        float square = 0; // squared distance of this work-item's token from the centre
        for (int first = 0; first < digested; first += TILE) {
            int dims = Math.min(TILE, digested - first);
            for (int i = thread; i < dims * pageSize; i += THREADS) {
                keys[i / pageSize * pitch + i % pageSize] = frames.get(from + first * pageSize + i);
            }
            context.localBarrier();
            if (thread < dims) {
                float max = keys[thread * pitch];
                float min = max;
                float sum = max;
                for (int t = 1; t < pageSize; t++) {
                    float key = keys[thread * pitch + t];
                    max = Math.max(max, key);
                    min = Math.min(min, key);
                    sum += key;
                }
                float centre = max * 0.5f + min * 0.5f; // halves first: a sum could overflow
                centres[thread] = centre;
                float largest = 0;
                float smallest = LARGEST_FLOAT;
                float total = 0;
                for (int t = 0; t < pageSize; t++) {
                    float away = TornadoMath.abs(centre - keys[thread * pitch + t]);
                    largest = Math.max(largest, away);
                    smallest = Math.min(smallest, away);
                    total += away;
                }
                int row = to + (first + thread) * pageSize;
                frames.set(row, first(kind, max, sum / pageSize, centre, (smallest + largest) * 0.5f,
                        total / pageSize));
                if (DigestKinds.isCuboid(kind)) {
                    frames.set(row + headDim * pageSize, lower(kind, min, centre, (smallest + largest) * 0.5f,
                            total / pageSize));
                }
                if (kind == DigestKinds.CUBOID_CORNERS) {
                    for (int number = 0; number < DigestKinds.numbersOfBits(pageSize); number++) {
                        int at = target.get(targets + 1 + number / 2) * stride + within
                                + (number % 2 * headDim + first + thread) * pageSize;
                        int bits = 0;
                        for (int t = 0; t < tokens; t++) {
                            if (keys[thread * pitch + number * tokens + t] >= centre) {
                                bits += 1 << t;
                            }
                        }
                        frames.set(at, (float) bits);
                    }
                }
            }
            context.localBarrier();
            if (DigestKinds.isSphere(kind)) {
                if (thread < pageSize) {
                    for (int d = 0; d < dims; d++) {
                        float away = centres[d] - keys[d * pitch + thread];
                        square += away * away;
                    }
                }
                context.localBarrier();
            }
        }
        if (DigestKinds.isSphere(kind)) {
            distances[thread] = TornadoMath.sqrt(square);
            context.localBarrier();
            if (thread == 0 && page >= 0) {
                float max = distances[0];
                float min = max;
                float sum = max;
                for (int t = 1; t < pageSize; t++) {
                    max = Math.max(max, distances[t]);
                    min = Math.min(min, distances[t]);
                    sum += distances[t];
                }
                frames.set(to + headDim * pageSize, Math.min(LARGEST_FLOAT,
                        radius(kind, max * (1 + (headDim + 8) * ROUNDING), (min + max) * 0.5f, sum / pageSize)));
            }
        }
    }

    /** {@link #digest} of half-precision frames; a sphere's radius is measured from the centre as it is stored. */
    public static void digestHalf(KernelContext context, HalfFloatArray frames, IntArray source, IntArray target,
            IntArray lane, int kind, int heads, int headDim, int pageSize) {
        int thread = context.localIdx;
        int head = context.groupIdy;
        int page = source.get(context.groupIdx);
        float[] keys = context.allocateFloatLocalArray(TILE * (pageSize + 1));
        float[] centres = context.allocateFloatLocalArray(TILE);
        float[] distances = context.allocateFloatLocalArray(THREADS);
        int digested = page >= 0 ? headDim : 0;
        int tokens = Math.min(DigestKind.TOKENS_A_NUMBER, pageSize);
        int pitch = pageSize + 1;
        int stride = Frames.halfStride(heads, headDim, pageSize);
        int from = page * stride + head * Frames.headElements(headDim, pageSize);
        int targets = context.groupIdx * DigestKinds.frames(kind, pageSize);
        int within = head * Frames.headElements(headDim, pageSize) + lane.get(context.groupIdx);
        int to = target.get(targets) * stride + within;
        float square = 0;
        for (int first = 0; first < digested; first += TILE) {
            int dims = Math.min(TILE, digested - first);
            for (int i = thread; i < dims * pageSize; i += THREADS) {
                keys[i / pageSize * pitch + i % pageSize] = frames.get(from + first * pageSize + i).getFloat32();
            }
            context.localBarrier();
            if (thread < dims) {
                float max = keys[thread * pitch];
                float min = max;
                float sum = max;
                for (int t = 1; t < pageSize; t++) {
                    float key = keys[thread * pitch + t];
                    max = Math.max(max, key);
                    min = Math.min(min, key);
                    sum += key;
                }
                // TornadoVM's PTX backend takes a half only from a variable and only to memory: rounding goes through it.
                int row = to + (first + thread) * pageSize;
                float middle = max * 0.5f + min * 0.5f;
                frames.set(row, new HalfFloat(middle));
                float centre = frames.get(row).getFloat32();
                centres[thread] = centre;
                float largest = 0;
                float smallest = LARGEST_FLOAT;
                float total = 0;
                for (int t = 0; t < pageSize; t++) {
                    float away = TornadoMath.abs(centre - keys[thread * pitch + t]);
                    largest = Math.max(largest, away);
                    smallest = Math.min(smallest, away);
                    total += away;
                }
                float upper = first(kind, max, sum / pageSize, centre, (smallest + largest) * 0.5f, total / pageSize);
                frames.set(row, new HalfFloat(upper));
                if (DigestKinds.isCuboid(kind)) {
                    float lower = lower(kind, min, centre, (smallest + largest) * 0.5f, total / pageSize);
                    frames.set(row + headDim * pageSize, new HalfFloat(lower));
                }
                if (kind == DigestKinds.CUBOID_CORNERS) {
                    for (int number = 0; number < DigestKinds.numbersOfBits(pageSize); number++) {
                        int at = target.get(targets + 1 + number / 2) * stride + within
                                + (number % 2 * headDim + first + thread) * pageSize;
                        int bits = 0;
                        for (int t = 0; t < tokens; t++) {
                            if (keys[thread * pitch + number * tokens + t] >= centre) {
                                bits += 1 << t;
                            }
                        }
                        float whole = bits;
                        frames.set(at, new HalfFloat(whole));
                    }
                }
            }
            context.localBarrier();
            if (DigestKinds.isSphere(kind)) {
                if (thread < pageSize) {
                    for (int d = 0; d < dims; d++) {
                        float away = centres[d] - keys[d * pitch + thread];
                        square += away * away;
                    }
                }
                context.localBarrier();
            }
        }
        if (DigestKinds.isSphere(kind)) {
            distances[thread] = TornadoMath.sqrt(square);
            context.localBarrier();
            if (thread == 0 && page >= 0) {
                float max = distances[0];
                float min = max;
                float sum = max;
                for (int t = 1; t < pageSize; t++) {
                    max = Math.max(max, distances[t]);
                    min = Math.min(min, distances[t]);
                    sum += distances[t];
                }
                // Raised by a whole step, so that rounding to nearest cannot go below.
                float above = max * (1 + (headDim + 8) * ROUNDING + HALF_ULP) + HALF_STEP;
                float radius = Math.min(LARGEST_HALF, radius(kind, above, (min + max) * 0.5f, sum / pageSize));
                frames.set(to + headDim * pageSize, new HalfFloat(radius));
            }
        }
    }

    /** The first row of a dimension. */
    private static float first(int kind, float max, float mean, float centre, float middleRadius, float meanRadius) {
        float row = centre;
        if (kind == DigestKinds.CENTROID) {
            row = mean;
        }
        if (kind == DigestKinds.CUBOID_MAX) {
            row = max;
        }
        if (kind == DigestKinds.CUBOID_CENTER) {
            row = centre + middleRadius;
        }
        if (kind == DigestKinds.CUBOID_MEAN || kind == DigestKinds.CUBOID_CORNERS) {
            row = centre + meanRadius;
        }
        return row;
    }

    /** The lower corner of a cuboid. */
    private static float lower(int kind, float min, float centre, float middleRadius, float meanRadius) {
        float row = min;
        if (kind == DigestKinds.CUBOID_CENTER) {
            row = centre - middleRadius;
        }
        if (kind == DigestKinds.CUBOID_MEAN || kind == DigestKinds.CUBOID_CORNERS) {
            row = centre - meanRadius;
        }
        return row;
    }

    private static float radius(int kind, float above, float middle, float mean) {
        float radius = above;
        if (kind == DigestKinds.SPHERE_CENTER) {
            radius = middle;
        }
        if (kind == DigestKinds.SPHERE_MEAN) {
            radius = mean;
        }
        return radius;
    }

    /** One page, for each kind. */
    public static List<KernelSample> samples() {
        List<KernelSample> samples = new ArrayList<>();
        for (var kind : DigestKind.values()) {
            String name = "PageDigest." + kind.name().toLowerCase(Locale.ROOT);
            samples.addAll(FrameBuffer.samples(name, name + ".half", KernelSample.HEAD_DIM,
                    (a, frames) -> addTo(a.tasks(), KernelSample.TASK, frames, a.ints(1),
                            a.ints(kind.frames(frames.geometry())), a.ints(1), kind)));
        }
        return samples;
    }
}
