package dev.kvasir.kernels.page.tornado;

import dev.kvasir.kernels.launch.KernelSample;

/**
 * The query heads of a sequence and its selection groups. The KV heads of a group are those of a frame: see
 * {@link FrameBuffer#geometry}.
 *
 * @param groups selection groups
 * @param queryHeads of all groups
 */
public record Heads(int groups, int queryHeads) {
    /** The heads of {@link KernelSample}s: one selection group. */
    public static final Heads SAMPLE = new Heads(1, KernelSample.QUERY_HEADS);

    /** Query heads of a group. */
    public int groupHeads() {
        return queryHeads / groups;
    }
}
