package dev.kvasir.kvcache.paged;

import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.plan.CachePlan;

/** Reads the prompt of one sequence on a {@link KvDevice}: appends, digests, attends and judges what its tables decide. */
final class HostPrompt {
    private final CachePlan plan;
    private final KvDevice device;
    private final SequenceTables tables;
    private final FrameList[] lists; // [groups]
    private final float[] lastQueries; // [prefillQueries][queryHeads][headDim] of the layer being read
    private final float[] importance; // by one query

    HostPrompt(CachePlan plan, KvDevice device, SequenceTables tables) {
        this.plan = plan;
        this.device = device;
        this.tables = tables;
        lists = new FrameList[plan.groups()];
        for (int g = 0; g < lists.length; g++) {
            lists[g] = new FrameList();
        }
        var last = tables.group(plan.shape().layers() - 1, 0);
        lastQueries = new float[last.isJudged() ? plan.options().prefillQueries() * plan.queryStride() : 0];
        importance = new float[last.importance.length];
    }

    /** Appends the next tokens of a layer and attends their queries. */
    void read(int layer, float[] q, float[] k, float[] v, int count, float[] out) {
        append(layer, q, k, v, count);
        tables.prompt.list(lists);
        device.prefill(q, count, plan.shape().queryHeads(), tables.prompt.first(), lists, out);
    }

    /** Appends the next tokens of a layer. */
    void append(int layer, float[] q, float[] k, float[] v, int count) {
        var prompt = tables.prompt;
        prompt.open(layer, count);
        int pageSize = plan.options().pageSize();
        for (var group : tables.groups(layer)) {
            for (int token = prompt.first(); token < prompt.end();) {
                int slot = token % pageSize;
                int run = Math.min(pageSize - slot, prompt.end() - token);
                device.append(group.table.frame(token / pageSize), slot, run, k, v,
                        (token - prompt.first()) * plan.tokenStride() + group.group() * plan.groupStride(),
                        plan.tokenStride());
                token += run;
            }
        }
        prompt.openDigests();
        prompt.filled();
        for (var group : tables.groups(layer)) {
            tables.digest(device, group);
        }
        keepLastQueries(layer, q, count);
    }

    /** Keeps those of the queries just read that are among the prompt's last. */
    private void keepLastQueries(int layer, float[] q, int count) {
        if (!tables.group(layer, 0).isJudged()) {
            return;
        }
        var prompt = tables.prompt;
        int stride = plan.queryStride();
        int firstKept = prompt.tokens() - prompt.queries();
        int from = Math.max(firstKept, prompt.end() - count);
        if (from < prompt.end()) {
            System.arraycopy(q, (from - prompt.first()) * stride, lastQueries, (from - firstKept) * stride,
                    (prompt.end() - from) * stride);
        }
    }

    /** Ends one layer: evicts down to the budget. */
    void end(int layer) {
        tables.prompt.checkRead(layer);
        if (tables.prompt.isJudgedAtEnd()) {
            for (var group : tables.groups(layer)) {
                judge(group);
            }
        }
        tables.endPrefill(layer);
    }

    /** The mean of what the last queries say of each page. */
    private void judge(GroupPages group) {
        int count = group.digests.digests();
        int queryOffset = group.group() * plan.queryHeadsPerGroup() * plan.shape().headDim();
        int queries = tables.prompt.queries();
        score(group, queryOffset, group.importance);
        for (int i = 1; i < queries; i++) {
            score(group, i * plan.queryStride() + queryOffset, importance);
            for (int page = 0; page < count; page++) {
                group.importance[page] += importance[page];
            }
        }
        if (queries > 1) {
            for (int page = 0; page < count; page++) {
                group.importance[page] /= queries;
            }
        }
        group.judged = count;
    }

    private void score(GroupPages group, int queryOffset, float[] result) {
        device.score(plan.options().digest(), plan.options().aggregation(), group.digests.frames(),
                group.digests.digests(), lastQueries, queryOffset, plan.queryHeadsPerGroup(), result);
    }
}
