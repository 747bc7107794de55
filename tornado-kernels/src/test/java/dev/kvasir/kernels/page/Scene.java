package dev.kvasir.kernels.page;

import dev.kvasir.kernels.page.vector.PageAppend;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;

/** Random keys and values for one list a selection group, in frames of random order, with the dense result they imply. */
public final class Scene {
    public final PageGeometry geometry;
    public final int groups;
    public final int[] lengths;
    public final Listed[] lists;
    public final int frames;
    public final Random random;
    private final float[][] keys; // [groups][tokens * heads * headDim], as given
    private final float[][] values;

    /** Frames in page order, all full but the last, and the tokens in them. */
    public record Listed(int[] frames, int tokens) {}

    /** Writes slots of all heads of a frame, as a device of the cache does. */
    public interface Appender {
        void append(int frame, int slot, int tokens, float[] k, float[] v, int offset, int stride);
    }

    public Scene(PageGeometry geometry, long seed, int... lengths) {
        this.geometry = geometry;
        this.groups = lengths.length;
        this.lengths = lengths;
        this.random = new Random(seed);
        int pageSize = geometry.pageSize();
        int used = Arrays.stream(lengths).map(n -> (n + pageSize - 1) / pageSize).sum();
        this.frames = used + 3;
        int[] order = random.ints(0, frames).distinct().limit(used).toArray();
        lists = new Listed[groups];
        keys = new float[groups][];
        values = new float[groups][];
        int next = 0;
        for (int group = 0; group < groups; group++) {
            int pages = (lengths[group] + pageSize - 1) / pageSize;
            lists[group] = new Listed(Arrays.copyOfRange(order, next, next + pages), lengths[group]);
            next += pages;
            keys[group] = randoms(lengths[group] * width(), 1f);
            values[group] = randoms(lengths[group] * width(), 1f);
        }
    }

    private int width() {
        return geometry.heads() * geometry.headDim();
    }

    public float[] randoms(int n, float deviation) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian() * deviation;
        }
        return x;
    }

    /** Memory for {@code count} frames, full of NaN, so that a number that is read and was not written shows. */
    public static FrameArray empty(PageGeometry geometry, int count) {
        var memory = Arena.ofAuto().allocate(FrameArray.bytes(geometry, count), FrameArray.ALIGNMENT);
        return new FrameArray(geometry, memory.fill((byte) 0xff), count);
    }

    /** The frames of the scene, and {@code more}, written by the vector kernel. */
    public FrameArray filled(int more) {
        FrameArray all = empty(geometry, frames + more);
        append(vector(all));
        return all;
    }

    /** Writes by the vector kernel. */
    public static Appender vector(FrameArray to) {
        var append = new PageAppend(to);
        return (frame, slot, tokens, k, v, offset, stride) -> {
            for (int head = 0; head < to.geometry().heads(); head++) {
                append.append(frame, head, slot, tokens, k, v, offset, stride);
            }
        };
    }

    /** Writes by the scalar reference. */
    public static Appender reference(FrameArray to) {
        return (frame, slot, tokens, k, v, offset, stride) -> {
            for (int head = 0; head < to.geometry().heads(); head++) {
                dev.kvasir.kernels.page.reference.PageAppend.append(to, frame, head, slot, tokens, k, v, offset,
                        stride);
            }
        };
    }

    /** Writes the keys and values of each page in three ways: one token, some, the rest. */
    public void append(Appender to) {
        int pageSize = geometry.pageSize();
        for (int group = 0; group < groups; group++) {
            for (int t = 0; t < lengths[group]; t += pageSize) {
                int frame = lists[group].frames()[t / pageSize];
                int tokens = Math.min(pageSize, lengths[group] - t);
                int cut = tokens / 3;
                append(to, group, frame, t, 0, Math.min(1, cut));
                append(to, group, frame, t, Math.min(1, cut), cut);
                append(to, group, frame, t, cut, tokens);
            }
        }
    }

    private void append(Appender to, int group, int frame, int firstToken, int from, int end) {
        to.append(frame, from, end - from, keys[group], values[group], (firstToken + from) * width(), width());
    }

    public float key(int group, int token, int head, int d) {
        return Elements.round(geometry.type(), keys[group][token * width() + head * geometry.headDim() + d]);
    }

    public float value(int group, int token, int head, int d) {
        return Elements.round(geometry.type(), values[group][token * width() + head * geometry.headDim() + d]);
    }

    /** Softmax attention in double precision of one query over the first {@code seen} tokens of each list. */
    public float[] dense(float[] q, int qOffset, int queryHeads, int seen) {
        int headDim = geometry.headDim();
        float[] out = new float[queryHeads * headDim];
        int shared = queryHeads / (groups * geometry.heads());
        for (int h = 0; h < queryHeads; h++) {
            int group = h / shared / geometry.heads();
            int head = h / shared % geometry.heads();
            int tokens = Math.min(seen, lengths[group]);
            double[] weights = logits(q, qOffset + h * headDim, group, head, tokens);
            double max = Arrays.stream(weights).max().orElseThrow();
            double sum = 0;
            double[] acc = new double[headDim];
            for (int t = 0; t < tokens; t++) {
                double weight = Math.exp(weights[t] - max);
                sum += weight;
                for (int d = 0; d < headDim; d++) {
                    acc[d] += weight * value(group, t, head, d);
                }
            }
            for (int d = 0; d < headDim; d++) {
                out[h * headDim + d] = (float) (acc[d] / sum);
            }
        }
        return out;
    }

    /** The scaled scores of one query head, in double precision. */
    public double[] logits(float[] q, int qAt, int group, int head, int tokens) {
        int headDim = geometry.headDim();
        double[] logits = new double[tokens];
        for (int t = 0; t < tokens; t++) {
            for (int d = 0; d < headDim; d++) {
                logits[t] += (double) q[qAt + d] * key(group, t, head, d) / Math.sqrt(headDim);
            }
        }
        return logits;
    }

    public static double relativeError(float[] actual, float[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }
}
