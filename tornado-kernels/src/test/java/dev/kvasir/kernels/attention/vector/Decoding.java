package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.Scene.Listed;
import dev.kvasir.kernels.parallel.Workers;
import java.util.Arrays;

/** One query attends lists in some parts, which are then merged: by the vector kernels and by the scalar reference. */
record Decoding(FrameArray frames, int queryHeads, float[] q, int qOffset) {

    /** @param parts for each part a list for each selection group */
    float[] vector(Workers workers, Listed[]... parts) {
        return vector(workers, new float[0], 0, parts);
    }

    /** @param logits receives the scores of the last part {@code [queryHeads][stride]}; empty for nowhere */
    float[] vector(Workers workers, float[] logits, int stride, Listed[]... parts) {
        int headDim = frames.geometry().headDim();
        int groups = parts[0].length;
        int groupHeads = queryHeads / groups;
        int size = PartialResult.size(headDim);
        float[][] records = new float[groups][];
        int[] chunks = new int[groups];
        for (int group = 0; group < groups; group++) {
            for (var part : parts) {
                chunks[group] += PagedAttention.chunks(part[group].tokens());
            }
            records[group] = new float[chunks[group] * groupHeads * size];
            Arrays.fill(records[group], Float.NaN);
        }
        var attention = new PagedAttention(frames, workers);
        int[] at = new int[groups];
        for (var part : parts) {
            var partials = new PagedAttention.Partials[groups];
            for (int group = 0; group < groups; group++) {
                partials[group] = new PagedAttention.Partials();
                partials[group].attend(part[group].frames(), part[group].tokens(), records[group], at[group]);
                if (logits.length > 0) {
                    partials[group].observe(logits, group * groupHeads * stride, stride);
                }
                at[group] += PagedAttention.chunks(part[group].tokens()) * groupHeads * size;
            }
            attention.attend(q, qOffset, queryHeads, partials);
        }
        float[] out = new float[2 + queryHeads * headDim];
        Arrays.fill(out, Float.NaN);
        new Merge(headDim, workers).merge(records, chunks, queryHeads, out, 2);
        return Arrays.copyOfRange(out, 2, out.length);
    }

    float[] reference(Listed[]... parts) {
        int headDim = frames.geometry().headDim();
        int groupHeads = queryHeads / parts[0].length;
        int size = PartialResult.size(headDim);
        float[] out = new float[queryHeads * headDim];
        for (int h = 0; h < queryHeads; h++) {
            float[] records = new float[parts.length * size];
            int count = 0;
            for (var part : parts) {
                Listed list = part[h / groupHeads];
                if (list.tokens() > 0) {
                    dev.kvasir.kernels.attention.reference.PagedAttention.attend(frames, list.frames(), list.tokens(),
                            h % groupHeads * frames.geometry().heads() / groupHeads, q, qOffset + h * headDim, records,
                            count++ * size);
                }
            }
            dev.kvasir.kernels.attention.reference.PagedAttention.merge(records, 0, count, size, headDim, out,
                    h * headDim);
        }
        return out;
    }
}
