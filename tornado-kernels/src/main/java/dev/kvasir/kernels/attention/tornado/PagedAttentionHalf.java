package dev.kvasir.kernels.attention.tornado;

import dev.kvasir.kernels.page.tornado.Frames;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static dev.kvasir.kernels.attention.tornado.PagedAttention.HEADS;
import static dev.kvasir.kernels.attention.tornado.PagedAttention.PITCH;
import static dev.kvasir.kernels.attention.tornado.PagedAttention.SCANNERS;
import static dev.kvasir.kernels.attention.tornado.PagedAttention.THREADS;
import static dev.kvasir.kernels.attention.tornado.PagedAttention.TILE;

/**
 * {@link PagedAttention} over half-precision frames, line by line. The two kernels cannot be one, because a kernel names
 * the array type of every access, and local arrays cannot be arguments of a shared method. Queries, scores and sums are floats;
 * {@link PagedAttention} adds the task, and has the merge.
 */
public final class PagedAttentionHalf {
    private PagedAttentionHalf() {}

    /** As {@link PagedAttention#attend}. */
    public static void attend(KernelContext context, FloatArray q, HalfFloatArray frames, IntArray list,
            IntArray tokens,
            FloatArray partials, int groups, int queryHeads, int heads, int headDim, int pageSize, int maxFrames,
            int firstPart, int parts, int totalParts) {
        int thread = context.localIdx;
        int part = context.groupIdx;
        int table = context.groupIdz;
        int groupHeads = queryHeads / groups;
        int shared = groupHeads / heads;
        int blocks = (shared + HEADS - 1) / HEADS;
        int head = context.groupIdy / blocks;
        // The last block may have fewer query heads: it attends for the last one several times, and writes it once.
        int firstHead = head * shared + context.groupIdy % blocks * HEADS;
        int blockHeads = Math.min(HEADS, (head + 1) * shared - firstHead);
        int wide = Math.min(HEADS, shared); // a constant, so what is not needed is not compiled
        int partTokens = Split.pagesPerPart(tokens.get(table), parts, pageSize) * pageSize;
        int first = part * partTokens;
        int end = Math.min(first + partTokens, tokens.get(table));
        int headAt = head * Frames.headElements(headDim, pageSize);
        float[] query = context.allocateFloatLocalArray(HEADS * headDim);
        float[] weights = context.allocateFloatLocalArray(HEADS * TILE);
        float[] scores = context.allocateFloatLocalArray(HEADS * PITCH);
        float[] largest = context.allocateFloatLocalArray(HEADS * SCANNERS);
        int[] pages = context.allocateIntLocalArray(TILE / 4); // where the head's values begin in each page of a tile
        float scale = 1 / TornadoMath.sqrt(headDim);
        int queryElements = first < end ? HEADS * headDim : 0;
        for (int i = thread; i < queryElements; i += THREADS) {
            int h = Math.min(i / headDim, blockHeads - 1);
            query[i] = q.get((table * groupHeads + firstHead + h) * headDim + i % headDim) * scale;
        }
        int slices = THREADS / headDim; // work-items that share a dimension when values are summed
        int slice = thread / headDim;
        float max0 = -1e30f;
        float max1 = -1e30f;
        float max2 = -1e30f;
        float max3 = -1e30f;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        float acc0 = 0;
        float acc1 = 0;
        float acc2 = 0;
        float acc3 = 0;
        for (int tile = first; tile < end; tile += TILE) {
            int tileTokens = Math.min(TILE, end - tile);
            for (int i = thread; i < TILE / pageSize; i += THREADS) {
                if (i * pageSize < tileTokens) {
                    pages[i] = list.get(table * maxFrames + tile / pageSize + i)
                            * Frames.halfStride(heads, headDim, pageSize)
                            + headAt + Frames.valuesAt(headDim, pageSize);
                }
            }
            context.localBarrier();

            // Scores: a work-item is two tokens; where there is no second, it reads the last one's key for nothing.
            float a0 = -1e30f;
            float a1 = -1e30f;
            float a2 = -1e30f;
            float a3 = -1e30f;
            float b0 = -1e30f;
            float b1 = -1e30f;
            float b2 = -1e30f;
            float b3 = -1e30f;
            if (thread < tileTokens) {
                int other = Math.min(thread + THREADS, tileTokens - 1);
                int keyA = pages[thread / pageSize] - Frames.valuesAt(headDim, pageSize) + thread % pageSize;
                int keyB = pages[other / pageSize] - Frames.valuesAt(headDim, pageSize) + other % pageSize;
                a0 = 0;
                a1 = 0;
                a2 = 0;
                a3 = 0;
                b0 = 0;
                b1 = 0;
                b2 = 0;
                b3 = 0;
                for (int d = 0; d < headDim; d += 4) {
                    int at = d * pageSize;
                    float ka0 = frames.get(keyA + at).getFloat32();
                    float ka1 = frames.get(keyA + at + pageSize).getFloat32();
                    float ka2 = frames.get(keyA + at + 2 * pageSize).getFloat32();
                    float ka3 = frames.get(keyA + at + 3 * pageSize).getFloat32();
                    float kb0 = frames.get(keyB + at).getFloat32();
                    float kb1 = frames.get(keyB + at + pageSize).getFloat32();
                    float kb2 = frames.get(keyB + at + 2 * pageSize).getFloat32();
                    float kb3 = frames.get(keyB + at + 3 * pageSize).getFloat32();
                    float q0 = query[d];
                    float q1 = query[d + 1];
                    float q2 = query[d + 2];
                    float q3 = query[d + 3];
                    a0 = a0 + q0 * ka0 + q1 * ka1 + q2 * ka2 + q3 * ka3;
                    b0 = b0 + q0 * kb0 + q1 * kb1 + q2 * kb2 + q3 * kb3;
                    if (wide > 1) {
                        q0 = query[headDim + d];
                        q1 = query[headDim + d + 1];
                        q2 = query[headDim + d + 2];
                        q3 = query[headDim + d + 3];
                        a1 = a1 + q0 * ka0 + q1 * ka1 + q2 * ka2 + q3 * ka3;
                        b1 = b1 + q0 * kb0 + q1 * kb1 + q2 * kb2 + q3 * kb3;
                    }
                    if (wide > 2) {
                        q0 = query[2 * headDim + d];
                        q1 = query[2 * headDim + d + 1];
                        q2 = query[2 * headDim + d + 2];
                        q3 = query[2 * headDim + d + 3];
                        a2 = a2 + q0 * ka0 + q1 * ka1 + q2 * ka2 + q3 * ka3;
                        b2 = b2 + q0 * kb0 + q1 * kb1 + q2 * kb2 + q3 * kb3;
                    }
                    if (wide > 3) {
                        q0 = query[3 * headDim + d];
                        q1 = query[3 * headDim + d + 1];
                        q2 = query[3 * headDim + d + 2];
                        q3 = query[3 * headDim + d + 3];
                        a3 = a3 + q0 * ka0 + q1 * ka1 + q2 * ka2 + q3 * ka3;
                        b3 = b3 + q0 * kb0 + q1 * kb1 + q2 * kb2 + q3 * kb3;
                    }
                }
                if (thread + THREADS >= tileTokens) {
                    b0 = -1e30f;
                    b1 = -1e30f;
                    b2 = -1e30f;
                    b3 = -1e30f;
                }
            }

            // The largest score of each query head: eight work-items look through 16 each, then all through those.
            scores[thread] = Math.max(a0, b0);
            scores[PITCH + thread] = Math.max(a1, b1);
            scores[2 * PITCH + thread] = Math.max(a2, b2);
            scores[3 * PITCH + thread] = Math.max(a3, b3);
            context.localBarrier();
            if (thread < HEADS * SCANNERS) {
                float most = -1e30f;
                for (int i = 0; i < THREADS / SCANNERS; i++) {
                    most = Math.max(most, scores[thread / SCANNERS * PITCH + thread % SCANNERS + i * SCANNERS]);
                }
                largest[thread] = most;
            }
            context.localBarrier();
            float new0 = max0;
            float new1 = max1;
            float new2 = max2;
            float new3 = max3;
            for (int i = 0; i < SCANNERS; i++) {
                new0 = Math.max(new0, largest[i]);
                new1 = Math.max(new1, largest[SCANNERS + i]);
                new2 = Math.max(new2, largest[2 * SCANNERS + i]);
                new3 = Math.max(new3, largest[3 * SCANNERS + i]);
            }

            // Weights relative to the largest score; what was summed before shrinks likewise.
            float shrink = TornadoMath.exp(max0 - new0);
            a0 = TornadoMath.exp(a0 - new0);
            b0 = TornadoMath.exp(b0 - new0);
            weights[thread] = a0;
            weights[THREADS + thread] = b0;
            sum0 = sum0 * shrink + a0 + b0;
            acc0 = acc0 * shrink;
            max0 = new0;
            if (wide > 1) {
                shrink = TornadoMath.exp(max1 - new1);
                a1 = TornadoMath.exp(a1 - new1);
                b1 = TornadoMath.exp(b1 - new1);
                weights[TILE + thread] = a1;
                weights[TILE + THREADS + thread] = b1;
                sum1 = sum1 * shrink + a1 + b1;
                acc1 = acc1 * shrink;
                max1 = new1;
            }
            if (wide > 2) {
                shrink = TornadoMath.exp(max2 - new2);
                a2 = TornadoMath.exp(a2 - new2);
                b2 = TornadoMath.exp(b2 - new2);
                weights[2 * TILE + thread] = a2;
                weights[2 * TILE + THREADS + thread] = b2;
                sum2 = sum2 * shrink + a2 + b2;
                acc2 = acc2 * shrink;
                max2 = new2;
            }
            if (wide > 3) {
                shrink = TornadoMath.exp(max3 - new3);
                a3 = TornadoMath.exp(a3 - new3);
                b3 = TornadoMath.exp(b3 - new3);
                weights[3 * TILE + thread] = a3;
                weights[3 * TILE + THREADS + thread] = b3;
                sum3 = sum3 * shrink + a3 + b3;
                acc3 = acc3 * shrink;
                max3 = new3;
            }
            context.localBarrier();

            // Values: a work-item is a dimension of every slices-th four tokens. Weights past the last token are zero,
            // but memory there may hold anything, so the last token is read again.
            if (slice < slices) {
                for (int t = slice * 4; t < tileTokens; t += slices * 4) {
                    int at = pages[t / pageSize] + t % pageSize * headDim + thread % headDim;
                    int more = tileTokens - 1 - t;
                    float v0 = frames.get(at).getFloat32();
                    float v1 = frames.get(at + Math.min(1, more) * headDim).getFloat32();
                    float v2 = frames.get(at + Math.min(2, more) * headDim).getFloat32();
                    float v3 = frames.get(at + Math.min(3, more) * headDim).getFloat32();
                    acc0 = acc0 + weights[t] * v0 + weights[t + 1] * v1 + weights[t + 2] * v2 + weights[t + 3] * v3;
                    if (wide > 1) {
                        acc1 = acc1 + weights[TILE + t] * v0 + weights[TILE + t + 1] * v1 + weights[TILE + t + 2] * v2
                                + weights[TILE + t + 3] * v3;
                    }
                    if (wide > 2) {
                        acc2 = acc2 + weights[2 * TILE + t] * v0 + weights[2 * TILE + t + 1] * v1
                                + weights[2 * TILE + t + 2] * v2 + weights[2 * TILE + t + 3] * v3;
                    }
                    if (wide > 3) {
                        acc3 = acc3 + weights[3 * TILE + t] * v0 + weights[3 * TILE + t + 1] * v1
                                + weights[3 * TILE + t + 2] * v2 + weights[3 * TILE + t + 3] * v3;
                    }
                }
            }
            context.localBarrier();
        }

        // Sums over work-items, in their order: of the weights, and of the slices of each dimension.
        scores[thread] = sum0;
        scores[PITCH + thread] = sum1;
        scores[2 * PITCH + thread] = sum2;
        scores[3 * PITCH + thread] = sum3;
        weights[thread] = acc0;
        weights[TILE + thread] = acc1;
        weights[2 * TILE + thread] = acc2;
        weights[3 * TILE + thread] = acc3;
        context.localBarrier();
        if (thread < HEADS * SCANNERS) {
            float total = 0;
            for (int i = 0; i < THREADS / SCANNERS; i++) {
                total += scores[thread / SCANNERS * PITCH + thread % SCANNERS + i * SCANNERS];
            }
            largest[thread] = total;
        }
        context.localBarrier();
        int size = headDim + 2;
        int record = ((table * groupHeads + firstHead) * totalParts + firstPart + part) * size;
        int written = first < end ? blockHeads : 0; // a part without tokens has gone through the barriers for nothing
        for (int h = 0; h < written; h++) {
            if (thread < headDim) {
                float total = 0;
                for (int s = 0; s < slices; s++) {
                    total += weights[h * TILE + s * headDim + thread];
                }
                partials.set(record + h * totalParts * size + thread, total);
            }
            if (thread == 0) {
                float total = 0;
                for (int i = 0; i < SCANNERS; i++) {
                    total += largest[h * SCANNERS + i];
                }
                float max = h == 0 ? max0 : h == 1 ? max1 : h == 2 ? max2 : max3;
                partials.set(record + h * totalParts * size + headDim, max);
                partials.set(record + h * totalParts * size + headDim + 1, total);
            }
        }
    }
}
