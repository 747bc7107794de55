package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.attention.tornado.CausalAttention;
import dev.kvasir.kernels.digest.tornado.PageDigest;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.PageAppend;
import dev.kvasir.kvcache.paged.PromptDecisions;
import dev.kvasir.kvcache.plan.CachePlan;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The tasks on pages in graphs that read a chunk of a prompt, and the tables that the host writes before a graph. The host
 * knows everything before such a graph runs: the frames of the chunk, the pages it fills, and that it attends all pages.
 */
public final class PromptPages {
    private final TornadoFrames device;
    private final CachePlan layout;
    private final FrameBuffer frames;
    private final int chunk; // tokens
    private final int filled; // pages of all groups that a chunk can fill
    private final IntTable run = new IntTable(2, 0); // position of the first token, tokens
    private final IntTable list; // [groups][maxPages]
    private final IntTable source; // [filled] pages to digest, where to, and in which lane
    private final IntTable target;
    private final IntTable lane;
    private final IntTable keptRows; // [prefillQueries]
    private final StagingArea stage;
    private @Nullable PromptDecisions opened;

    PromptPages(TornadoFrames device, int chunk) {
        this.device = device;
        frames = device.buffer();
        this.chunk = chunk;
        layout = device.layout();
        int pageSize = layout.options().pageSize();
        filled = ((chunk + pageSize - 1) / pageSize + 1) * layout.groups();
        list = new IntTable(layout.groups() * layout.maxPages(), 0);
        source = new IntTable(filled, -1);
        target = new IntTable(filled * layout.digestFramesEach(), 0);
        lane = new IntTable(filled, 0);
        keptRows = new IntTable(layout.options().prefillQueries(), -1);
        stage = device.newStage(filled);
    }

    /** The largest number of tokens in a chunk. */
    public int chunk() {
        return chunk;
    }

    /** Adds tasks: store keys and values of the chunk, back up and digest the pages it fills, keep the last queries. */
    public void addAppend(GraphChain.Graph graph, int layer, FloatArray q, FloatArray k, FloatArray v) {
        var tasks = graph.tasks();
        graph.keeps(frames.array());
        graph.uploads(run.array(), list.array());
        PageAppend.addRunTo(tasks, "append", k, v, run.array(), list.array(), frames, layout.groups(), chunk);
        if (layout.recalls(layer)) {
            device.copies().addBackups(graph, "gather", stage);
        }
        if (layout.scores(layer)) {
            graph.uploads(source.array(), target.array(), lane.array(), keptRows.array());
            PageDigest.addTo(tasks, "digest", frames, source.array(), target.array(), lane.array(),
                    layout.options().digest());
            graph.keeps(device.lastQueries());
            QueryRows.addTo(tasks, "keep", q, keptRows.array(), device.lastQueries(),
                    layout.shape().queryHeads() * layout.shape().headDim(), layout.options().prefillQueries());
        }
    }

    /** Adds, behind {@link #addAppend}, the task of causal attention. */
    public void addAttend(GraphChain.Graph graph, FloatArray q, FloatArray out) {
        CausalAttention.addTo(graph.tasks(), "attend", q, frames, list.array(), run.array(), out, device.heads(),
                chunk);
    }

    /** Decides where a chunk goes whose place {@link PromptDecisions#open} has made, before its graph runs. */
    public void open(PromptDecisions prompt, int layer, int tokens) {
        int first = prompt.first();
        var lists = prompt.list();
        run.set(0, prompt.before()[0]);
        run.set(1, tokens);
        for (int g = 0; g < layout.groups(); g++) {
            var residents = lists[g];
            list.put(g * layout.maxPages(), residents.frames(), residents.size());
        }
        opened = prompt;
        prompt.openDigests();
        if (!backsUpAfter(layer)) {
            prompt.appended();
        }
        if (layout.scores(layer)) {
            openDigests(prompt, layer);
            int queries = prompt.judgingQueries();
            int firstKept = prompt.firstJudging();
            for (int i = 0; i < queries; i++) {
                int row = firstKept + i - first;
                keptRows.set(i, row >= 0 && row < tokens ? row : -1);
            }
        }
        if (layout.recalls(layer)) {
            device.copies().beginBackups(stage);
        }
    }

    /** Whether the backups of the pages that a chunk fills start after its graph. */
    private boolean backsUpAfter(int layer) {
        return layout.recalls(layer) && !device.copies().backsUpInGraph();
    }

    private void openDigests(PromptDecisions prompt, int layer) {
        int pageSize = layout.options().pageSize();
        int each = layout.digestFramesEach();
        int at = 0;
        for (var group : prompt.groups(layer)) {
            for (int page = group.firstNewDigest(); page < group.digests(); page++) {
                source.set(at, group.frame(page));
                target.put(at * each, group.digestFrames(), page / pageSize * each, each);
                lane.set(at++, page % pageSize);
            }
        }
        while (at < filled) {
            source.set(at++, -1);
        }
    }

    /** Called after the chunk's graph has run. */
    public void done(int layer) {
        if (backsUpAfter(layer) && opened != null) {
            opened.appended();
        }
        if (layout.recalls(layer)) {
            device.copies().endBackups(stage);
        }
    }
}
