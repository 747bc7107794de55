package dev.kvasir.kernels.attention.tornado;

import dev.kvasir.kernels.page.tornado.Frames;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static dev.kvasir.kernels.attention.tornado.CausalAttention.LANES;
import static dev.kvasir.kernels.attention.tornado.CausalAttention.PITCH;
import static dev.kvasir.kernels.attention.tornado.CausalAttention.ROWS;
import static dev.kvasir.kernels.attention.tornado.CausalAttention.SCANNERS;
import static dev.kvasir.kernels.attention.tornado.CausalAttention.THREADS;
import static dev.kvasir.kernels.attention.tornado.CausalAttention.TILE_ROWS;
import static dev.kvasir.kernels.attention.tornado.CausalAttention.TILE_TOKENS;

/**
 * {@link CausalAttention} over half-precision frames, line by line. The two kernels cannot be one, because a kernel names
 * the array type of every access, and local arrays cannot be arguments of a shared method. Queries, scores and sums are floats.
 */
public final class CausalAttentionHalf {
    private CausalAttentionHalf() {}

    /** As {@link CausalAttention#attend}. */
    public static void attend(KernelContext context, FloatArray q, HalfFloatArray frames, IntArray list, IntArray run,
            FloatArray out, int groups, int queryHeads, int heads, int headDim, int pageSize, int maxFrames) {
        int thread = context.localIdx;
        int lane = thread % LANES;
        int rowOf = thread / LANES * ROWS; // this work-item's first row in the tile
        int kvHead = context.groupIdy;
        int position = run.get(0);
        int shared = queryHeads / (groups * heads);
        int rows = run.get(1) * shared;
        // The last queries see most: they start first.
        int firstRow = ((rows + TILE_ROWS - 1) / TILE_ROWS - 1 - context.groupIdx) * TILE_ROWS;
        float[] queries = context.allocateFloatLocalArray(TILE_ROWS * headDim);
        float[] weights = context.allocateFloatLocalArray(TILE_ROWS * TILE_TOKENS);
        float[] scores = context.allocateFloatLocalArray(TILE_ROWS * PITCH);
        float[] largest = context.allocateFloatLocalArray(TILE_ROWS * SCANNERS);
        int[] pages = context.allocateIntLocalArray(TILE_TOKENS / 4); // where the head's values begin in each page
        int headAt = kvHead % heads * Frames.headElements(headDim, pageSize)
                + Frames.valuesAt(headDim, pageSize);
        int tileRows = firstRow < 0 ? 0 : Math.min(TILE_ROWS, rows - firstRow); // none beyond a run's end
        float scale = 1 / TornadoMath.sqrt(headDim);
        for (int i = thread; i < TILE_ROWS * headDim; i += THREADS) {
            int row = Math.max(firstRow + Math.min(i / headDim, tileRows - 1), 0); // where there is no row, the last one again
            queries[i] = q.get(((row / shared) * queryHeads + kvHead * shared + row % shared) * headDim
                    + i % headDim) * scale;
        }
        int seen0 = position + (firstRow + rowOf) / shared + 1; // tokens that row 0 sees
        int seen1 = position + (firstRow + rowOf + 1) / shared + 1;
        int seen2 = position + (firstRow + rowOf + 2) / shared + 1;
        int seen3 = position + (firstRow + rowOf + 3) / shared + 1;
        float max0 = -1e30f;
        float max1 = -1e30f;
        float max2 = -1e30f;
        float max3 = -1e30f;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        // out{row}{dimension}: dimensions lane, lane + 32, …; where there are fewer, the last one again
        float out00 = 0;
        float out01 = 0;
        float out02 = 0;
        float out03 = 0;
        float out10 = 0;
        float out11 = 0;
        float out12 = 0;
        float out13 = 0;
        float out20 = 0;
        float out21 = 0;
        float out22 = 0;
        float out23 = 0;
        float out30 = 0;
        float out31 = 0;
        float out32 = 0;
        float out33 = 0;
        int dim0 = Math.min(lane, headDim - 1);
        int dim1 = Math.min(lane + 1 * LANES, headDim - 1);
        int dim2 = Math.min(lane + 2 * LANES, headDim - 1);
        int dim3 = Math.min(lane + 3 * LANES, headDim - 1);
        int visible = tileRows == 0 ? 0 : position + (firstRow + tileRows - 1) / shared + 1;
        for (int tile = 0; tile < visible; tile += TILE_TOKENS) {
            int tileTokens = Math.min(TILE_TOKENS, visible - tile);
            int inPage = tile % pageSize; // not 0 only if a page is longer than a tile
            for (int i = thread; i * pageSize < inPage + tileTokens; i += THREADS) {
                pages[i] = list.get(kvHead / heads * maxFrames + tile / pageSize + i)
                        * Frames.halfStride(heads, headDim, pageSize) + headAt;
            }
            context.localBarrier();

            // Scores of four rows and two tokens; what a row does not see gets none.
            int tokenA = inPage + Math.min(lane, tileTokens - 1);
            int tokenB = inPage + Math.min(lane + LANES, tileTokens - 1);
            int keyA = pages[tokenA / pageSize] - Frames.valuesAt(headDim, pageSize) + tokenA % pageSize;
            int keyB = pages[tokenB / pageSize] - Frames.valuesAt(headDim, pageSize) + tokenB % pageSize;
            float a0 = 0;
            float a1 = 0;
            float a2 = 0;
            float a3 = 0;
            float b0 = 0;
            float b1 = 0;
            float b2 = 0;
            float b3 = 0;
            for (int d = 0; d < headDim; d += 2) {
                int at = d * pageSize;
                float ka0 = frames.get(keyA + at).getFloat32();
                float ka1 = frames.get(keyA + at + pageSize).getFloat32();
                float kb0 = frames.get(keyB + at).getFloat32();
                float kb1 = frames.get(keyB + at + pageSize).getFloat32();
                float q00 = queries[rowOf * headDim + d];
                float q01 = queries[rowOf * headDim + d + 1];
                float q10 = queries[(rowOf + 1) * headDim + d];
                float q11 = queries[(rowOf + 1) * headDim + d + 1];
                float q20 = queries[(rowOf + 2) * headDim + d];
                float q21 = queries[(rowOf + 2) * headDim + d + 1];
                float q30 = queries[(rowOf + 3) * headDim + d];
                float q31 = queries[(rowOf + 3) * headDim + d + 1];
                a0 = a0 + q00 * ka0 + q01 * ka1;
                b0 = b0 + q00 * kb0 + q01 * kb1;
                a1 = a1 + q10 * ka0 + q11 * ka1;
                b1 = b1 + q10 * kb0 + q11 * kb1;
                a2 = a2 + q20 * ka0 + q21 * ka1;
                b2 = b2 + q20 * kb0 + q21 * kb1;
                a3 = a3 + q30 * ka0 + q31 * ka1;
                b3 = b3 + q30 * kb0 + q31 * kb1;
            }
            a0 = tile + lane < seen0 ? a0 : -1e30f;
            b0 = tile + lane + LANES < seen0 ? b0 : -1e30f;
            a1 = tile + lane < seen1 ? a1 : -1e30f;
            b1 = tile + lane + LANES < seen1 ? b1 : -1e30f;
            a2 = tile + lane < seen2 ? a2 : -1e30f;
            b2 = tile + lane + LANES < seen2 ? b2 : -1e30f;
            a3 = tile + lane < seen3 ? a3 : -1e30f;
            b3 = tile + lane + LANES < seen3 ? b3 : -1e30f;

            // The largest score of each row: eight work-items look through four each, then all through those.
            scores[rowOf * PITCH + lane] = Math.max(a0, b0);
            scores[(rowOf + 1) * PITCH + lane] = Math.max(a1, b1);
            scores[(rowOf + 2) * PITCH + lane] = Math.max(a2, b2);
            scores[(rowOf + 3) * PITCH + lane] = Math.max(a3, b3);
            context.localBarrier();
            float most = -1e30f;
            for (int i = 0; i < LANES / SCANNERS; i++) {
                most = Math.max(most, scores[thread / SCANNERS * PITCH + thread % SCANNERS + i * SCANNERS]);
            }
            largest[thread] = most;
            context.localBarrier();
            float new0 = max0;
            float new1 = max1;
            float new2 = max2;
            float new3 = max3;
            for (int i = 0; i < SCANNERS; i++) {
                new0 = Math.max(new0, largest[rowOf * SCANNERS + i]);
                new1 = Math.max(new1, largest[(rowOf + 1) * SCANNERS + i]);
                new2 = Math.max(new2, largest[(rowOf + 2) * SCANNERS + i]);
                new3 = Math.max(new3, largest[(rowOf + 3) * SCANNERS + i]);
            }

            // Weights relative to the largest score; what was summed before shrinks likewise.
            a0 = TornadoMath.exp(a0 - new0);
            b0 = TornadoMath.exp(b0 - new0);
            weights[rowOf * TILE_TOKENS + lane] = a0;
            weights[rowOf * TILE_TOKENS + LANES + lane] = b0;
            float shrink0 = TornadoMath.exp(max0 - new0);
            sum0 = sum0 * shrink0 + a0 + b0;
            max0 = new0;
            out00 = out00 * shrink0;
            out01 = out01 * shrink0;
            out02 = out02 * shrink0;
            out03 = out03 * shrink0;
            a1 = TornadoMath.exp(a1 - new1);
            b1 = TornadoMath.exp(b1 - new1);
            weights[(rowOf + 1) * TILE_TOKENS + lane] = a1;
            weights[(rowOf + 1) * TILE_TOKENS + LANES + lane] = b1;
            float shrink1 = TornadoMath.exp(max1 - new1);
            sum1 = sum1 * shrink1 + a1 + b1;
            max1 = new1;
            out10 = out10 * shrink1;
            out11 = out11 * shrink1;
            out12 = out12 * shrink1;
            out13 = out13 * shrink1;
            a2 = TornadoMath.exp(a2 - new2);
            b2 = TornadoMath.exp(b2 - new2);
            weights[(rowOf + 2) * TILE_TOKENS + lane] = a2;
            weights[(rowOf + 2) * TILE_TOKENS + LANES + lane] = b2;
            float shrink2 = TornadoMath.exp(max2 - new2);
            sum2 = sum2 * shrink2 + a2 + b2;
            max2 = new2;
            out20 = out20 * shrink2;
            out21 = out21 * shrink2;
            out22 = out22 * shrink2;
            out23 = out23 * shrink2;
            a3 = TornadoMath.exp(a3 - new3);
            b3 = TornadoMath.exp(b3 - new3);
            weights[(rowOf + 3) * TILE_TOKENS + lane] = a3;
            weights[(rowOf + 3) * TILE_TOKENS + LANES + lane] = b3;
            float shrink3 = TornadoMath.exp(max3 - new3);
            sum3 = sum3 * shrink3 + a3 + b3;
            max3 = new3;
            out30 = out30 * shrink3;
            out31 = out31 * shrink3;
            out32 = out32 * shrink3;
            out33 = out33 * shrink3;
            context.localBarrier();

            for (int t = 0; t < tileTokens; t++) {
                int at = pages[(inPage + t) / pageSize] + (inPage + t) % pageSize * headDim;
                float p0 = weights[rowOf * TILE_TOKENS + t];
                float p1 = weights[(rowOf + 1) * TILE_TOKENS + t];
                float p2 = weights[(rowOf + 2) * TILE_TOKENS + t];
                float p3 = weights[(rowOf + 3) * TILE_TOKENS + t];
                float v0 = frames.get(at + dim0).getFloat32();
                out00 += p0 * v0;
                out10 += p1 * v0;
                out20 += p2 * v0;
                out30 += p3 * v0;
                if (headDim > 1 * LANES) {
                    float v1 = frames.get(at + dim1).getFloat32();
                    out01 += p0 * v1;
                    out11 += p1 * v1;
                    out21 += p2 * v1;
                    out31 += p3 * v1;
                }
                if (headDim > 2 * LANES) {
                    float v2 = frames.get(at + dim2).getFloat32();
                    out02 += p0 * v2;
                    out12 += p1 * v2;
                    out22 += p2 * v2;
                    out32 += p3 * v2;
                }
                if (headDim > 3 * LANES) {
                    float v3 = frames.get(at + dim3).getFloat32();
                    out03 += p0 * v3;
                    out13 += p1 * v3;
                    out23 += p2 * v3;
                    out33 += p3 * v3;
                }
            }
            context.localBarrier();
        }

        // The sums of the weights, over work-items in their order.
        scores[rowOf * PITCH + lane] = sum0;
        scores[(rowOf + 1) * PITCH + lane] = sum1;
        scores[(rowOf + 2) * PITCH + lane] = sum2;
        scores[(rowOf + 3) * PITCH + lane] = sum3;
        context.localBarrier();
        float part = 0;
        for (int i = 0; i < LANES / SCANNERS; i++) {
            part += scores[thread / SCANNERS * PITCH + thread % SCANNERS + i * SCANNERS];
        }
        largest[thread] = part;
        context.localBarrier();
        for (int i = 0; i < ROWS; i++) {
            int row = firstRow + rowOf + i;
            if (rowOf + i < tileRows) {
                float total = 0;
                for (int s = 0; s < SCANNERS; s++) {
                    total += largest[(rowOf + i) * SCANNERS + s];
                }
                int to = ((row / shared) * queryHeads + kvHead * shared + row % shared) * headDim;
                if (lane < headDim) {
                    out.set(to + dim0, (i == 0 ? out00 : i == 1 ? out10 : i == 2 ? out20 : out30) / total);
                }
                if (lane + 1 * LANES < headDim) {
                    out.set(to + dim1, (i == 0 ? out01 : i == 1 ? out11 : i == 2 ? out21 : out31) / total);
                }
                if (lane + 2 * LANES < headDim) {
                    out.set(to + dim2, (i == 0 ? out02 : i == 1 ? out12 : i == 2 ? out22 : out32) / total);
                }
                if (lane + 3 * LANES < headDim) {
                    out.set(to + dim3, (i == 0 ? out03 : i == 1 ? out13 : i == 2 ? out23 : out33) / total);
                }
            }
        }
    }
}
