package dev.kvasir.kvcache.device.tornado;

import dev.kvasir.kernels.tornado.PagedAttention;
import dev.kvasir.kernels.tornado.TopK;
import dev.kvasir.kvcache.CacheLayout;
import dev.kvasir.kvcache.GroupPages;
import dev.kvasir.kvcache.SequenceTables;
import dev.kvasir.kvcache.device.FrameList;
import dev.kvasir.kvcache.device.tornado.FrameKernels.Parts;
import dev.kvasir.kvcache.device.tornado.StagedTransfers.Stage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The pages' part in the graphs of a decode step, and the tables that the host writes before them and reads behind them.
 * A layer has two parts. {@link #addAppend} stores the new tokens and, where pages are judged, asks which win; there the
 * graph must end, because the host decides who leaves. {@link #addAttend}, in the next graph or the same, attends.
 */
public final class DecodePages {
    private final TornadoFrames device;
    private final CacheLayout layout;
    private final FrameKernels kernels;
    private final int rows; // sequences of a step
    private final int tables; // rows * groups
    private final LayerTables[] layers;
    private final IntTable slot;
    private final FloatArray importance; // [tables][maxDigestFrames * pageSize]
    private final MemorySegment importanceMemory;
    private final IntArray keys; // as importance, scratch
    private final IntTable winners; // [tables][maxWinners]
    private final IntTable winnerCounts; // [tables]
    private final FloatArray partials; // [rows][queryHeads][parts][headDim + 2]
    private final int parts;
    private final int lateParts;
    private final Stage[] stageOut; // one for layers of each parity
    private final Stage[] stageIn;

    private SequenceTables[] sequences = {};
    private int active;

    /** What one layer is told. */
    private final class LayerTables {
        final int maxResident;
        final IntTable frame = new IntTable(tables, -1);
        final IntTable source = new IntTable(tables, -1); // pages to digest, where to, and in which lane
        final IntTable target = new IntTable(tables, 0);
        final IntTable lane = new IntTable(tables, 0);
        final IntTable digestFrames;
        final IntTable judged = new IntTable(tables, 0);
        final IntTable range = new IntTable(3 * tables, 0); // from, to, k
        final IntTable list; // [tables][maxResident]
        final IntTable tokens = new IntTable(tables, 0);
        final IntTable lateList; // [tables][maxWinners]
        final IntTable lateTokens = new IntTable(tables, 0);

        LayerTables(int layer) {
            maxResident = layout.maxResident(layer);
            list = new IntTable(tables * maxResident, 0);
            digestFrames = new IntTable(layout.scores(layer) ? tables * layout.maxDigestFrames() : 1, 0);
            lateList = new IntTable(layout.recalls(layer) ? tables * layout.maxWinners() : 1, 0);
        }
    }

    DecodePages(TornadoFrames device, FrameKernels kernels) {
        this.device = device;
        this.kernels = kernels;
        layout = device.layout();
        rows = layout.sequences();
        tables = rows * layout.groups();
        layers = new LayerTables[layout.shape().layers()];
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer] = new LayerTables(layer);
        }
        slot = new IntTable(rows, 0);
        int pageSize = layout.options().pageSize();
        importance = new FloatArray(layout.scores() ? tables * layout.maxDigestFrames() * pageSize : 1);
        importanceMemory = importance.getSegment();
        keys = new IntArray(importance.getSize());
        winners = new IntTable(layout.scores() ? tables * layout.maxWinners() : 1, 0);
        winnerCounts = new IntTable(tables, 0);
        parts = Parts.of(layout.maxPages() * pageSize);
        lateParts = layout.recalls() ? Parts.of(layout.maxWinners() * pageSize) : 0;
        partials = new FloatArray(rows * layout.shape().queryHeads() * (parts + lateParts)
                * PagedAttention.partialSize(layout.shape().headDim()));
        // A step fills at most one page of each table, and seldom lacks more than a few.
        stageOut = new Stage[]{device.newStage(tables), device.newStage(tables)};
        stageIn = new Stage[]{device.newStage(2 * tables), device.newStage(2 * tables)};
    }

    /** Sequences of a step, at most. */
    public int rows() {
        return rows;
    }

    /** Adds what all layers share to the first graph of a step. */
    public void addTo(GraphChain.Graph first) {
        first.uploadsForAll(slot.array());
    }

    /** Whether a graph must end behind {@link #addAppend} of this layer, for the host to {@link #choose}. */
    public boolean endsGraph(int layer) {
        return layout.scores(layer) || layout.recalls(layer);
    }

    /** Adds: store the keys and values of the new tokens, digest the pages before, back up, judge, select. */
    public void addAppend(GraphChain.Graph graph, int layer, FloatArray q, FloatArray k, FloatArray v) {
        var t = layers[layer];
        var tasks = graph.tasks();
        graph.keeps(kernels.frames(), slot.array());
        graph.uploads(t.frame.array());
        kernels.append(tasks, "append" + layer, k, v, t.frame.array(), slot.array(), rows);
        if (layout.recalls(layer)) {
            var stage = stageOut[layer % 2];
            graph.uploads(stage.frames.array());
            kernels.gather(tasks, "gather" + layer, stage.frames.array(), stage.array, stage.slots);
            graph.downloads(stage.array);
        }
        if (layout.scores(layer)) {
            graph.uploads(t.source.array(), t.target.array(), t.lane.array(), t.digestFrames.array(),
                    t.judged.array(), t.range.array());
            kernels.digest(tasks, "digest" + layer, t.source.array(), t.target.array(), t.lane.array(), tables);
            kernels.score(tasks, "score" + layer, q, t.digestFrames.array(), t.judged.array(), importance, rows);
            graph.uploadsOnce(keys);
            tasks.graph()
                    .task("select" + layer, TopK::selectWinners, tasks.context(), importance, t.range.array(), keys,
                            winners.array(), winnerCounts.array(),
                            layout.maxDigestFrames() * layout.options().pageSize(),
                            layout.maxWinners());
            tasks.launch("select" + layer, TopK.grid(tables));
            graph.downloads(importance, winners.array(), winnerCounts.array());
        }
    }

    /** Adds: attend the residents, put recalled pages into their frames, attend those, merge. */
    public void addAttend(GraphChain.Graph graph, int layer, FloatArray q, FloatArray out) {
        var t = layers[layer];
        var tasks = graph.tasks();
        boolean recalls = layout.recalls(layer);
        int late = recalls ? lateParts : 0;
        graph.keeps(kernels.frames(), partials);
        graph.uploads(t.list.array(), t.tokens.array());
        kernels.attend(tasks, "attend" + layer, q, t.list.array(), t.tokens.array(), partials, rows, t.maxResident,
                new Parts(0, parts, parts + late));
        if (recalls) {
            var stage = stageIn[layer % 2];
            graph.uploads(t.lateList.array(), t.lateTokens.array(), stage.frames.array(), stage.array);
            kernels.scatter(tasks, "scatter" + layer, stage.array, stage.frames.array(), stage.slots);
            kernels.attend(tasks, "attendLate" + layer, q, t.lateList.array(), t.lateTokens.array(), partials, rows,
                    layout.maxWinners(), new Parts(parts, late, parts + late));
        }
        tasks.graph()
                .task("merge" + layer, PagedAttention::merge, tasks.context(), partials, t.tokens.array(),
                        recalls ? t.lateTokens.array() : t.tokens.array(), out, kernels.groupHeads, kernels.headDim,
                        kernels.pageSize, parts, late);
        tasks.launch("merge" + layer, PagedAttention.mergeGrid(rows, kernels.queryHeads));
    }

    /** Starts a step of the first {@code n} of these sequences, each with its token. */
    public void begin(SequenceTables[] stepping, int n) {
        sequences = stepping;
        active = n;
        for (int row = 0; row < n; row++) {
            sequences[row].beginStep();
            slot.set(row, sequences[row].slot());
        }
    }

    /** Decides, before the graph with {@link #addAppend}, where the new tokens go. */
    public void open(int layer) {
        var t = layers[layer];
        for (int row = 0; row < rows; row++) {
            boolean used = row < active;
            if (used) {
                sequences[row].open(layer);
                sequences[row].appended(layer);
            }
            for (int g = 0; g < layout.groups(); g++) {
                int table = row * layout.groups() + g;
                if (used) {
                    open(t, table, sequences[row], sequences[row].groups(layer)[g], layout.scores(layer));
                } else {
                    t.frame.set(table, -1);
                    t.source.set(table, -1);
                    t.judged.set(table, 0);
                    t.range.set(3 * table + 2, 0);
                }
            }
        }
        if (layout.recalls(layer)) {
            device.transfers().beginBackups(stageOut[layer % 2]);
        }
    }

    private void open(LayerTables t, int table, SequenceTables sequence, GroupPages group, boolean scores) {
        t.frame.set(table, group.frame(sequence.page()));
        if (!scores) {
            return;
        }
        int digested = group.firstNewDigest();
        boolean isNew = digested < group.digests();
        t.source.set(table, isNew ? group.frame(digested) : -1);
        if (isNew) {
            t.target.set(table, group.digestFrames()[digested / layout.options().pageSize()]);
            t.lane.set(table, digested % layout.options().pageSize());
        }
        boolean chooses = sequence.chooses(group);
        t.judged.set(table, chooses ? group.digests() : 0);
        t.range.set(3 * table, group.limits().sinks());
        t.range.set(3 * table + 1, group.pages() - group.limits().window());
        t.range.set(3 * table + 2, chooses ? group.limits().selected() : 0);
        if (chooses) {
            t.digestFrames.put(table * layout.maxDigestFrames(), group.digestFrames(),
                    Math.min(group.digestFrames().length, layout.maxDigestFrames()));
        }
    }

    /** Decides, behind that graph, who wins, leaves and comes back. */
    public void choose(int layer) {
        var t = layers[layer];
        if (layout.recalls(layer)) {
            device.transfers().endBackups(stageOut[layer % 2]);
        }
        for (int row = 0; row < active; row++) {
            for (var group : sequences[row].groups(layer)) {
                if (!sequences[row].chooses(group)) {
                    continue;
                }
                int table = row * layout.groups() + group.group();
                MemorySegment.copy(importanceMemory, ValueLayout.JAVA_FLOAT,
                        4L * table * layout.maxDigestFrames() * layout.options().pageSize(), group.importances(), 0,
                        group.digests());
                int count = winnerCounts.get(table);
                winners.take(table * layout.maxWinners(), group.offer(t.range.get(3 * table),
                        t.range.get(3 * table + 1), t.range.get(3 * table + 2), count), count);
                sequences[row].choose(group);
            }
        }
    }

    /** Lists, before the graph with {@link #addAttend}, what is attended, and sends what was chosen to come back. */
    public void list(int layer) {
        var t = layers[layer];
        boolean recalls = layout.recalls(layer);
        for (int row = 0; row < rows; row++) {
            for (int g = 0; g < layout.groups(); g++) {
                int table = row * layout.groups() + g;
                if (row >= active) {
                    t.tokens.set(table, 0);
                    t.lateTokens.set(table, 0);
                    continue;
                }
                var sequence = sequences[row];
                sequence.list(sequence.groups(layer)[g]);
                put(sequence.residents(g), t.list, table * t.maxResident, t.tokens, table);
                if (recalls) {
                    put(sequence.recalled(g), t.lateList, table * layout.maxWinners(), t.lateTokens, table);
                }
            }
        }
        if (recalls) {
            var stage = stageIn[layer % 2];
            device.fetch(stage.slots);
            device.transfers().beginRecalls(stage);
        }
    }

    private void put(FrameList from, IntTable list, int at, IntTable tokens, int table) {
        list.put(at, from.frames(), from.size());
        tokens.set(table,
                from.size() == 0 ? 0 : (from.size() - 1) * layout.options().pageSize() + from.tokensInLast());
    }

    /** The graph with {@link #addAttend} has run. */
    public void attended(int layer) {
        if (layout.recalls(layer)) {
            device.transfers().endRecalls(stageIn[layer % 2]);
        }
        for (int row = 0; row < active; row++) {
            sequences[row].awaitRecalls();
            sequences[row].computed(layer);
        }
    }
}
