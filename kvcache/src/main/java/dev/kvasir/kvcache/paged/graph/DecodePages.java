package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.attention.tornado.PagedAttention;
import dev.kvasir.kernels.attention.tornado.Parts;
import dev.kvasir.kernels.choice.tornado.TopK;
import dev.kvasir.kernels.digest.tornado.DigestScore;
import dev.kvasir.kernels.digest.tornado.PageDigest;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.PageAppend;
import dev.kvasir.kvcache.paged.DecodeDecisions;
import dev.kvasir.kvcache.plan.CachePlan;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The tasks on pages in the graphs of a decode step, and the tables that the host writes before a graph and reads after
 * it. A layer has two parts. {@link #addAppend} stores the new tokens and, where pages are scored, selects the winners;
 * the graph ends there, because the host then decides which pages leave. {@link #addAttend}, in the next graph or in the
 * same one, attends.
 *
 * <p>Under {@code --prefetch} the query of a layer also scores the pages of the next layer. The host requests the winners,
 * and the next graph scatters them at its end, before the graph that attends them.
 */
public final class DecodePages {
    private final TornadoFrames device;
    private final CachePlan layout;
    private final FrameBuffer frames;
    private final int rows; // sequences of a step
    private final int tables; // rows * groups
    private final LayerTables[] layers;
    private final IntTable slot;
    private final Selection chosen;
    private final Selection predicted; // in the next layer
    private final FloatArray partials; // [rows][queryHeads][parts][headDim + 2]
    private final int parts;
    private final int lateParts;
    private final StagingArea[] stageOut; // one for layers of each parity
    private final StagingArea[] stageIn;
    private final StagingArea stageEarly;

    private DecodeDecisions[] sequences = {};
    private int active;

    DecodePages(TornadoFrames device) {
        this.device = device;
        frames = device.buffer();
        layout = device.layout();
        rows = layout.sequences();
        tables = rows * layout.groups();
        layers = new LayerTables[layout.shape().layers()];
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer] = new LayerTables(layout, layer);
        }
        slot = new IntTable(rows, 0);
        int pageSize = layout.options().pageSize();
        boolean predicts = layout.options().prefetch() && layout.recalls();
        chosen = new Selection(layout, layout.scores());
        predicted = new Selection(layout, predicts);
        parts = Parts.count(layout.maxPages() * pageSize);
        lateParts = layout.recalls() ? Parts.count(layout.maxWinners() * pageSize) : 0;
        partials = new FloatArray(rows * layout.shape().queryHeads() * (parts + lateParts)
                * PagedAttention.partialSize(layout.shape().headDim()));
        // A step fills at most one page of each table, and rarely recalls more than two.
        stageOut = new StagingArea[]{device.newStage(tables), device.newStage(tables)};
        stageIn = new StagingArea[]{device.newStage(2 * tables), device.newStage(2 * tables)};
        stageEarly = device.newStage(predicts ? 4 * tables : 1);
    }

    /** The largest number of sequences in a step. */
    public int rows() {
        return rows;
    }

    /** Adds the arrays that all layers share to the first graph of a step. */
    public void addTo(GraphChain.Graph first) {
        first.uploadsForAll(slot.array());
    }

    /** Whether a graph must end behind {@link #addAppend} of this layer, for the host to {@link #choose}. */
    public boolean endsGraph(int layer) {
        return layout.scores(layer) || layout.recalls(layer);
    }

    /** Adds tasks: store the keys and values of the new tokens, digest full pages, back them up, score, select. */
    public void addAppend(GraphChain.Graph graph, int layer, FloatArray q, FloatArray k, FloatArray v) {
        var t = layers[layer];
        var tasks = graph.tasks();
        graph.keeps(frames.array(), slot.array());
        graph.uploads(t.frame.array());
        PageAppend.addTo(tasks, "append" + layer, k, v, t.frame.array(), slot.array(), frames);
        if (layout.recalls(layer)) {
            device.copies().addBackups(graph, "gather" + layer, stageOut[layer % 2]);
        }
        if (layout.scores(layer)) {
            if (!isPredicted(layer)) {
                addDigest(graph, layer);
            }
            addSelect(graph, layer, q, chosen, "");
        }
        if (layout.predicts(layer)) {
            addDigest(graph, layer + 1);
            addSelect(graph, layer + 1, q, predicted, "Early");
        }
        if (isPredicted(layer)) {
            device.copies().addEarlyRecalls(graph, "scatterEarly" + layer, stageEarly);
        }
    }

    private boolean isPredicted(int layer) {
        return layer > 0 && layout.predicts(layer - 1);
    }

    private void addDigest(GraphChain.Graph graph, int layer) {
        var t = layers[layer];
        graph.uploads(t.source.array(), t.target.array(), t.lane.array());
        PageDigest.addTo(graph.tasks(), "digest" + layer, frames, t.source.array(), t.target.array(), t.lane.array(),
                layout.options().digest());
    }

    private void addSelect(GraphChain.Graph graph, int layer, FloatArray q, Selection to, String suffix) {
        var t = layers[layer];
        var tasks = graph.tasks();
        graph.uploads(t.digestFrames.array(), t.judged.array(), t.range.array());
        DigestScore.addTo(tasks, "score" + suffix + layer, q, frames, t.digestFrames.array(), t.judged.array(),
                to.importance, layout.options().digest(), layout.options().aggregation(), device.heads());
        graph.uploadsOnce(to.keys);
        TopK.addTo(tasks, "select" + suffix + layer, to.importance, t.range.array(), to.keys, to.winners.array(),
                to.counts.array());
        graph.downloads(to.importance, to.winners.array(), to.counts.array());
    }

    /** Adds tasks: attend resident pages, copy recalled pages into frames, attend those, merge. */
    public void addAttend(GraphChain.Graph graph, int layer, FloatArray q, FloatArray out) {
        var t = layers[layer];
        var tasks = graph.tasks();
        boolean recalls = layout.recalls(layer);
        int late = recalls ? lateParts : 0;
        graph.keeps(frames.array(), partials);
        graph.uploads(t.list.array(), t.tokens.array());
        PagedAttention.addTo(tasks, "attend" + layer, q, frames, t.list.array(), t.tokens.array(), partials,
                device.heads(), new Parts(0, parts, parts + late));
        if (recalls) {
            graph.uploads(t.lateList.array(), t.lateTokens.array());
            device.copies().addRecalls(graph, "scatter" + layer, stageIn[layer % 2]);
            PagedAttention.addTo(tasks, "attendLate" + layer, q, frames, t.lateList.array(), t.lateTokens.array(),
                    partials, device.heads(), new Parts(parts, late, parts + late));
        }
        PagedAttention.addMergeTo(tasks, "merge" + layer, partials, t.tokens.array(),
                recalls ? t.lateTokens.array() : t.tokens.array(), out, frames.geometry(), device.heads(), parts, late);
    }

    /** Starts a step of the first {@code n} of these sequences, each with its token. */
    public void begin(DecodeDecisions[] stepping, int n) {
        sequences = stepping;
        active = n;
        for (int row = 0; row < n; row++) {
            sequences[row].beginStep();
            slot.set(row, sequences[row].slot());
        }
    }

    /** Decides, before the graph with {@link #addAppend}, into which frames the new tokens go. */
    public void open(int layer) {
        for (int row = 0; row < active; row++) {
            sequences[row].open(layer);
            if (!backsUpAfter(layer)) {
                sequences[row].appended(layer);
            }
        }
        if (!isPredicted(layer)) {
            fill(layer);
        }
        if (layout.predicts(layer)) {
            fill(layer + 1);
        }
        if (layout.recalls(layer)) {
            device.copies().beginBackups(stageOut[layer % 2]);
        }
    }

    /** Whether the backups of the pages that a layer fills start after its graph. */
    private boolean backsUpAfter(int layer) {
        return layout.recalls(layer) && !device.copies().backsUpInGraph();
    }

    private void fill(int layer) {
        var t = layers[layer];
        for (int row = 0; row < rows; row++) {
            for (int g = 0; g < layout.groups(); g++) {
                int table = row * layout.groups() + g;
                if (row < active) {
                    t.open(table, sequences[row], sequences[row].groups(layer)[g]);
                } else {
                    t.openNothing(table);
                }
            }
        }
    }

    /** Decides, after that graph, which pages leave and which come back. */
    public void choose(int layer) {
        for (int row = 0; row < active && backsUpAfter(layer); row++) {
            sequences[row].appended(layer);
        }
        if (layout.recalls(layer)) {
            device.copies().endBackups(stageOut[layer % 2]);
        }
        if (isPredicted(layer)) {
            device.copies().endRecalls(stageEarly);
        }
        for (int row = 0; row < active; row++) {
            if (sequences[row].chooses(layer)) {
                copy(chosen, row, layer);
                sequences[row].scored(layer);
                sequences[row].choose(layer);
            }
        }
    }

    private void copy(Selection from, int row, int layer) {
        for (var group : sequences[row].groups(layer)) {
            from.copyTo(group, row * layout.groups() + group.group(), layers[layer]);
        }
    }

    private void prefetch(int layer) {
        for (int row = 0; row < active; row++) {
            if (sequences[row].chooses(layer + 1)) {
                copy(predicted, row, layer + 1);
            }
            sequences[row].prefetch(layer);
        }
        device.copies().beginEarlyRecalls(stageEarly);
    }

    /**
     * Lists, before the graph with {@link #addAttend}, the frames to attend, and starts the recalls of this layer; then
     * starts the recalls that this layer predicts for the next one.
     */
    public void list(int layer) {
        var t = layers[layer];
        for (int row = 0; row < rows; row++) {
            if (row < active) {
                sequences[row].list(layer);
            }
            for (int g = 0; g < layout.groups(); g++) {
                int table = row * layout.groups() + g;
                if (row < active) {
                    t.list(table, sequences[row].residents()[g], sequences[row].recalled()[g]);
                } else {
                    t.listNothing(table);
                }
            }
        }
        if (layout.recalls(layer)) {
            device.copies().beginRecalls(stageIn[layer % 2]);
        }
        if (layout.predicts(layer)) {
            prefetch(layer);
        }
    }

    /** Called after the graph with {@link #addAttend} has run. */
    public void attended(int layer) {
        if (layout.recalls(layer)) {
            device.copies().endRecalls(stageIn[layer % 2]);
        }
        for (int row = 0; row < active; row++) {
            sequences[row].attended(layer);
            sequences[row].awaitRecalls(layer);
            sequences[row].merged(layer);
        }
    }
}
