package dev.kvasir.kvcache.policy;

/**
 * The budget of one sequence over all layers that are under one: {@code layers} times {@code kvHeads} times {@code tokens}.
 *
 * @param firstLayer the first layer under the budget; the layers before it keep everything
 * @param layers how many layers share it: {@code firstLayer .. firstLayer + layers - 1}
 * @param kvHeads KV heads of a layer
 * @param tokens mean tokens of a KV head, fewer than {@code maxTokens}; whole frames for a page policy
 * @param pageSize tokens of a frame; a KV head takes whole frames
 * @param maxTokens the most tokens the sequence will have
 */
public record TotalBudget(int firstLayer, int layers, int kvHeads, int tokens, int pageSize, int maxTokens) {

    /** Frames that {@code tokens} of a KV head take. */
    public long frames(int tokens) {
        return Math.ceilDivExact((long) tokens, pageSize);
    }
}
