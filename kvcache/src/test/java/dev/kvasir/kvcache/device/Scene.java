package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.page.Elements;
import dev.kvasir.kernels.page.PageGeometry;
import java.util.Arrays;
import java.util.Random;

/** Random keys and values for one list a selection group, in frames of random order, with the dense result they imply. */
final class Scene {
    final PageGeometry geometry;
    final int groups;
    final int[] lengths;
    final FrameList[] lists;
    final int frames;
    final Random random;
    private final float[][] keys; // [groups][tokens * heads * headDim], as given
    private final float[][] values;

    Scene(PageGeometry geometry, long seed, int... lengths) {
        this.geometry = geometry;
        this.groups = lengths.length;
        this.lengths = lengths;
        this.random = new Random(seed);
        int pageSize = geometry.pageSize();
        int used = Arrays.stream(lengths).map(n -> (n + pageSize - 1) / pageSize).sum();
        this.frames = used + 3;
        int[] order = random.ints(0, frames).distinct().limit(used).toArray();
        lists = new FrameList[groups];
        keys = new float[groups][];
        values = new float[groups][];
        int next = 0;
        for (int group = 0; group < groups; group++) {
            lists[group] = new FrameList();
            for (int t = 0; t < lengths[group]; t += pageSize) {
                lists[group].add(order[next++], Math.min(pageSize, lengths[group] - t));
            }
            keys[group] = randoms(lengths[group] * width(), 1f);
            values[group] = randoms(lengths[group] * width(), 1f);
        }
    }

    int width() {
        return geometry.heads() * geometry.headDim();
    }

    float[] randoms(int n, float deviation) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian() * deviation;
        }
        return x;
    }

    /** Fills all memory with NaN first, so that whatever is read but was not written shows. */
    <D extends KvDevice> D fill(D device) {
        for (int frame = 0; frame < frames; frame++) {
            device.frame(frame).fill((byte) 0xff);
        }
        int pageSize = geometry.pageSize();
        for (int group = 0; group < groups; group++) {
            for (int t = 0; t < lengths[group]; t += pageSize) {
                int frame = lists[group].frames()[t / pageSize];
                int tokens = Math.min(pageSize, lengths[group] - t);
                int cut = tokens / 3; // three ways to write: one token, some, the rest
                append(device, group, frame, t, 0, Math.min(1, cut));
                append(device, group, frame, t, Math.min(1, cut), cut);
                append(device, group, frame, t, cut, tokens);
            }
        }
        return device;
    }

    private void append(KvDevice device, int group, int frame, int firstToken, int from, int to) {
        device.append(frame, from, to - from, keys[group], values[group], (firstToken + from) * width(), width());
    }

    float key(int group, int token, int head, int d) {
        return Elements.round(geometry.type(), keys[group][token * width() + head * geometry.headDim() + d]);
    }

    float value(int group, int token, int head, int d) {
        return Elements.round(geometry.type(), values[group][token * width() + head * geometry.headDim() + d]);
    }

    /** Softmax attention in double precision of one query over the first {@code seen} tokens of each list. */
    float[] dense(float[] q, int qOffset, int queryHeads, int seen) {
        int headDim = geometry.headDim();
        float[] out = new float[queryHeads * headDim];
        int shared = queryHeads / (groups * geometry.heads());
        for (int h = 0; h < queryHeads; h++) {
            int group = h / shared / geometry.heads();
            int head = h / shared % geometry.heads();
            int tokens = Math.min(seen, lengths[group]);
            double[] weights = new double[tokens];
            double max = Double.NEGATIVE_INFINITY;
            for (int t = 0; t < tokens; t++) {
                for (int d = 0; d < headDim; d++) {
                    weights[t] += (double) q[qOffset + h * headDim + d] * key(group, t, head, d) / Math.sqrt(headDim);
                }
                max = Math.max(max, weights[t]);
            }
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

    static double relativeError(float[] actual, float[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }
}
