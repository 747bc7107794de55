package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.attention.CausalState;
import dev.kvasir.kvcache.device.KvDevice;
import dev.kvasir.kvcache.plan.CachePlan;
import java.util.Arrays;

/** Reads the prompt of one sequence on a {@link KvDevice}: appends, digests, attends and scores as its decisions say. */
final class HostPrompt {
    private final CachePlan plan;
    private final KvDevice device;
    private final PromptDecisions prompt;
    private final float[] lastQueries; // [prefillQueries][queryHeads][headDim] of the layer being read
    private final float[] importance; // by one query
    private final CausalState state = new CausalState();

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
        int most = prompt.mostTokens(layer);
        if (count <= most) {
            readChunk(layer, q, k, v, count, out);
            return;
        }
        int queryWidth = plan.shape().queryWidth();
        int kvWidth = plan.shape().kvWidth();
        for (int from = 0; from < count; from += most) {
            int run = Math.min(most, count - from);
            float[] runOut = new float[run * queryWidth];
            readChunk(layer, Arrays.copyOfRange(q, from * queryWidth, (from + run) * queryWidth),
                    Arrays.copyOfRange(k, from * kvWidth, (from + run) * kvWidth),
                    Arrays.copyOfRange(v, from * kvWidth, (from + run) * kvWidth), run, runOut);
            System.arraycopy(runOut, 0, out, from * queryWidth, runOut.length);
        }
    }

    private void readChunk(int layer, float[] q, float[] k, float[] v, int count, float[] out) {
        append(layer, q, k, v, count);
        if (prompt.selects()) {
            for (var group : prompt.groups(layer)) {
                int queries = Math.min(count, plan.options().prefillQueries());
                score(group, q, count - queries, queries);
                prompt.select(group);
            }
        }
        if (prompt.streams()) {
            stream(q, count, out);
        } else {
            var lists = prompt.list();
            device.prefill(q, count, plan.shape().queryHeads(), prompt.before(), lists, out);
        }
    }

    /** Digests the pages of another sequence, part by part. */
    private void digestPast(int layer) {
        for (int part = 0; part < prompt.parts(); part++) {
            prompt.beginPart(part);
            prompt.listPart(part);
            prompt.openDigests(part);
            for (var group : prompt.groups(layer)) {
                group.digest(device, plan.options().digest());
            }
            prompt.endPart(part);
        }
    }

    /** Attends a chunk to its past part by part; the next part comes while one is attended. */
    private void stream(float[] q, int count, float[] out) {
        prompt.beginPart(0);
        for (int part = 0; part < prompt.parts(); part++) {
            if (part + 1 < prompt.parts()) {
                prompt.beginPart(part + 1);
            }
            device.prefillPart(q, count, plan.shape().queryHeads(), prompt.first(), prompt.startOfPart(part),
                    prompt.listPart(part), state, out);
            prompt.endPart(part);
        }
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
        if (prompt.lacksDigests()) {
            digestPast(layer);
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
        int firstKept = prompt.firstJudging();
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

    private void judge(GroupPages group) {
        score(group, lastQueries, 0, prompt.judgingQueries());
        prompt.judged(group);
    }

    /** The mean of the scores of each page by {@code queries} queries. */
    private void score(GroupPages group, float[] q, int first, int queries) {
        int count = group.digests.digests();
        int stride = plan.shape().queryWidth();
        int at = first * stride + group.group() * plan.queryHeadsPerGroup() * plan.shape().headDim();
        score(group, q, at, group.importance);
        for (int i = 1; i < queries; i++) {
            score(group, q, i * stride + at, importance);
            for (int page = 0; page < count; page++) {
                group.importance[page] += importance[page];
            }
        }
        if (queries > 1) {
            for (int page = 0; page < count; page++) {
                group.importance[page] /= queries;
            }
        }
    }

    private void score(GroupPages group, float[] q, int queryOffset, float[] result) {
        device.score(plan.options().digest(), plan.options().aggregation(), group.digests.frames(),
                group.digests.digests(), q, queryOffset, plan.queryHeadsPerGroup(), result);
    }
}
