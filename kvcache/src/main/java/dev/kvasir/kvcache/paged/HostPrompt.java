package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.plan.CachePlan;

/** Reads the prompt of one sequence on a {@link KvDevice}: appends, digests, attends and scores as its decisions say. */
final class HostPrompt {
    private final CachePlan plan;
    private final KvDevice device;
    private final PromptDecisions prompt;
    private final float[] lastQueries; // [prefillQueries][queryHeads][headDim] of the layer being read
    private final float[] importance; // by one query

    HostPrompt(CachePlan plan, KvDevice device, PromptDecisions prompt) {
        this.plan = plan;
        this.device = device;
        this.prompt = prompt;
        var last = prompt.groups(plan.shape().layers() - 1)[0];
        lastQueries = new float[last.isJudged() ? plan.options().prefillQueries() * plan.shape().queryWidth() : 0];
        importance = new float[last.importance.length];
    }

    /** Announces a prompt. */
    void begin(int tokens) {
        prompt.begin(tokens);
    }

    /** Appends the next tokens of a layer and attends their queries. */
    void read(int layer, float[] q, float[] k, float[] v, int count, float[] out) {
        append(layer, q, k, v, count);
        device.prefill(q, count, plan.shape().queryHeads(), prompt.first(), prompt.list(), out);
    }

    /** Appends the next tokens of a layer. */
    void append(int layer, float[] q, float[] k, float[] v, int count) {
        prompt.open(layer, count);
        int pageSize = plan.options().pageSize();
        for (var group : prompt.groups(layer)) {
            for (int token = prompt.first(); token < prompt.end();) {
                int slot = token % pageSize;
                int run = Math.min(pageSize - slot, prompt.end() - token);
                device.append(group.table.frame(token / pageSize), slot, run, k, v,
                        (token - prompt.first()) * plan.shape().kvWidth() + group.group() * plan.groupStride(),
                        plan.shape().kvWidth());
                token += run;
            }
        }
        prompt.openDigests();
        prompt.appended();
        for (var group : prompt.groups(layer)) {
            group.digest(device, plan.options().digest());
        }
        keepLastQueries(layer, q, count);
    }

    /** Keeps those of the queries just read that are among the prompt's last. */
    private void keepLastQueries(int layer, float[] q, int count) {
        if (!prompt.groups(layer)[0].isJudged()) {
            return;
        }
        int stride = plan.shape().queryWidth();
        int firstKept = prompt.tokens() - prompt.judgingQueries();
        int from = Math.max(firstKept, prompt.end() - count);
        if (from < prompt.end()) {
            System.arraycopy(q, (from - prompt.first()) * stride, lastQueries, (from - firstKept) * stride,
                    (prompt.end() - from) * stride);
        }
    }

    /** Ends one layer: evicts down to the budget. */
    void end(int layer) {
        prompt.checkRead(layer);
        if (prompt.isJudgedAtEnd()) {
            for (var group : prompt.groups(layer)) {
                judge(group);
            }
        }
        prompt.end(layer);
    }

    /** The mean of the scores of each page by the last queries. */
    private void judge(GroupPages group) {
        int count = group.digests.digests();
        int queryOffset = group.group() * plan.queryHeadsPerGroup() * plan.shape().headDim();
        int queries = prompt.judgingQueries();
        score(group, queryOffset, group.importance);
        for (int i = 1; i < queries; i++) {
            score(group, i * plan.shape().queryWidth() + queryOffset, importance);
            for (int page = 0; page < count; page++) {
                group.importance[page] += importance[page];
            }
        }
        if (queries > 1) {
            for (int page = 0; page < count; page++) {
                group.importance[page] /= queries;
            }
        }
        prompt.judged(group);
    }

    private void score(GroupPages group, int queryOffset, float[] result) {
        device.score(plan.options().digest(), plan.options().aggregation(), group.digests.frames(),
                group.digests.digests(), lastQueries, queryOffset, plan.queryHeadsPerGroup(), result);
    }
}
