package dev.kvasir.model.engine.tornado;

import dev.kvasir.kernels.rows.tornado.Embedding;
import dev.kvasir.kernels.tensor.TensorCodec;
import dev.kvasir.kvcache.paged.DecodeDecisions;
import dev.kvasir.kvcache.paged.GraphSequence;
import dev.kvasir.kvcache.paged.PromptDecisions;
import dev.kvasir.kvcache.paged.graph.DecodePages;
import dev.kvasir.kvcache.paged.graph.GraphChain;
import dev.kvasir.kvcache.paged.graph.IntTable;
import dev.kvasir.kvcache.paged.graph.PromptPages;
import dev.kvasir.kvcache.paged.graph.TornadoFrames;
import dev.kvasir.kvcache.paged.graph.TornadoPlanOptions;
import dev.kvasir.kvcache.plan.KvSequence;
import dev.kvasir.model.config.ModelConfig;
import dev.kvasir.model.transformer.Decoder;
import dev.kvasir.model.transformer.PromptWatch;
import dev.kvasir.model.transformer.Rope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The forward pass as task graphs over the pages of one cache. A decode step is split only where the host decides on
 * pages:
 *
 * <pre>
 * graph 0    embedding, layer 0 up to its selection
 * graph l    attention of layer l - 1, its output and feed-forward part; layer l up to its selection
 * last graph attention of the last layer, its output and feed-forward part; logits, most likely token
 * </pre>
 *
 * Up to {@link #MOST_LAYERS} consecutive layers share one graph, unless the host must decide on pages after a layer. A
 * prompt takes one graph for each layer and chunk.
 */
final class TornadoDecoder implements Decoder {
    /** TornadoVM describes the tasks of a graph in 8 KiB, and a layer takes up to 900 bytes. */
    private static final int MOST_LAYERS = 6;

    private final ModelConfig config;
    private final DeviceWeights weights;
    private final TornadoFrames frames;
    private final GraphChain chain;
    private final DecodePages pages;
    private final PromptPages promptPages;
    private final LayerTasks step;
    private final LayerTasks prompt;
    private final LogitTasks logitTasks;
    private final IntTable tokens; // [rows]
    private final List<Part> parts = new ArrayList<>();
    private final GraphChain.Graph[] promptLayers;
    private final GraphChain.Graph promptEnd;
    private final IntTable one = new IntTable(1, 0);
    private final FloatArray lastState; // [width]
    private final FloatArray lastX; // [width]
    private final DecodeDecisions[] stepping;
    private final float[] logits; // [rows][vocabulary]
    private GraphChain.Graph last; // the graph with the latest logits
    private boolean fetched;

    /**
     * A graph of a step.
     *
     * @param attendsFrom the first layer in which it attends
     * @param appendsFrom the first layer in which it appends
     * @param appendsTo end (exclusive) of the layers in which it appends; larger than {@code attendsTo} if the host
     *             then chooses pages
     */
    private record Part(GraphChain.Graph graph, int attendsFrom, int attendsTo, int appendsFrom, int appendsTo) {}

    TornadoDecoder(ModelConfig config, DeviceWeights weights, Rope rope, TornadoFrames frames, int prefillChunk,
            TornadoPlanOptions options) {
        this.config = config;
        this.weights = weights;
        this.frames = frames;
        chain = frames.chain();
        int context = frames.layout().contextTokens();
        var angles = RopeTables.of(rope, context);
        pages = frames.decodePages();
        promptPages = frames.promptPages(Math.min(prefillChunk, context));
        step = new LayerTasks(config, weights, angles, pages.rows());
        prompt = new LayerTasks(config, weights, angles, promptPages.chunk());
        logitTasks = new LogitTasks(config, weights, pages.rows());
        tokens = new IntTable(pages.rows(), 0);
        stepping = new DecodeDecisions[pages.rows()];
        logits = new float[logitTasks.logits.getSize()];
        lastState = new FloatArray(config.width());
        lastX = new FloatArray(config.width());
        promptLayers = new GraphChain.Graph[config.layers()];
        addAll();
        promptEnd = chain.add("promptEnd");
        promptEnd.uploads(one.array(), lastState);
        logitTasks.addTo(promptEnd, one, lastState, lastX, 1);
        last = promptEnd;
        frames.start(options);
        one.set(0, 1);
    }

    /** The largest number of sequences of a step. */
    int rows() {
        return pages.rows();
    }

    /** Graphs with the same weights are added next to each other, so that few arrays pass through unrelated graphs. */
    private void addAll() {
        var graph = chain.add("step0");
        graph.uploadsForAll(step.active.array(), step.positions.array(), tokens.array());
        pages.addTo(graph);
        graph.keeps(step.states);
        LayerTasks.uses(graph, weights.embedding());
        Embedding.addTo(graph.tasks(), "embedding", step.active.array(), tokens.array(), weights.embedding(),
                step.states, pages.rows());
        int attendsFrom = 0;
        int appendsFrom = 0;
        int prompted = 0;
        int layersInGraph = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            step.addQueryKeyValue(graph, layer);
            pages.addAppend(graph, layer, step.q, step.k, step.v);
            if (pages.endsGraph(layer)) {
                parts.add(new Part(graph, attendsFrom, layer, appendsFrom, layer + 1));
                while (prompted < layer) {
                    addPromptLayer(prompted++);
                }
                attendsFrom = layer;
                appendsFrom = layer + 1;
                layersInGraph = 0;
                graph = nextGraph();
            }
            pages.addAttend(graph, layer, step.q, step.o);
            graph.keeps(step.q);
            step.addOutputAndFeedForward(graph, layer);
            if (++layersInGraph == MOST_LAYERS && layer + 1 < config.layers()) {
                parts.add(new Part(graph, attendsFrom, layer + 1, appendsFrom, layer + 1));
                while (prompted <= layer) {
                    addPromptLayer(prompted++);
                }
                attendsFrom = layer + 1;
                appendsFrom = layer + 1;
                layersInGraph = 0;
                graph = nextGraph();
            }
        }
        logitTasks.addTo(graph, step.active, step.states, step.x, pages.rows());
        parts.add(new Part(graph, attendsFrom, config.layers(), appendsFrom, config.layers()));
        while (prompted < config.layers()) {
            addPromptLayer(prompted++);
        }
    }

    private GraphChain.Graph nextGraph() {
        var graph = chain.add("step" + parts.size());
        graph.keeps(step.active.array(), step.positions.array());
        return graph;
    }

    private void addPromptLayer(int layer) {
        var graph = chain.add("prompt" + layer);
        promptLayers[layer] = graph;
        graph.uploads(prompt.active.array(), prompt.positions.array(), prompt.states);
        prompt.addQueryKeyValue(graph, layer);
        promptPages.addAppend(graph, layer, prompt.q, prompt.k, prompt.v);
        promptPages.addAttend(graph, prompt.q, prompt.o);
        prompt.addOutputAndFeedForward(graph, layer);
        graph.downloads(prompt.states);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public long prefillBytes(int promptTokens) {
        return 4L * promptTokens * config.width();
    }

    @Override
    public int textPart() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public synchronized void step(KvSequence[] sequences, int[] next, int n) {
        for (int i = 0; i < n; i++) {
            stepping[i] = ((GraphSequence) sequences[i]).decode();
            tokens.set(i, next[i]);
            step.positions.set(i, sequences[i].length());
        }
        step.active.set(0, n);
        pages.begin(stepping, n);
        for (int p = 0; p < parts.size(); p++) {
            run(parts.get(p));
        }
        last = parts.getLast().graph();
        fetched = false;
    }

    private void run(Part part) {
        for (int layer = part.appendsFrom(); layer < part.appendsTo(); layer++) {
            pages.open(layer);
        }
        for (int layer = part.attendsFrom(); layer < part.attendsTo(); layer++) {
            pages.list(layer);
        }
        chain.run(part.graph());
        for (int layer = part.attendsFrom(); layer < part.attendsTo(); layer++) {
            pages.attended(layer);
        }
        if (part.appendsTo() > part.attendsTo()) {
            pages.choose(part.appendsTo() - 1);
        }
    }

    /**
     * Runs each layer over all chunks before the next layer. So a layer under a budget frees its frames before the next
     * layer needs them.
     */
    @Override
    public synchronized void prefill(KvSequence sequence, int[] text, PromptWatch watch) {
        int n = text.length;
        int first = sequence.length();
        int width = config.width();
        float[] states = new float[Math.multiplyExact(n, width)];
        var table = weights.embeddingInFile();
        for (int t = 0; t < n; t++) {
            TensorCodec.of(table.type()).decode(table.data(), text[t] * table.rowBytes(), states, t * width, width);
        }
        var decisions = ((GraphSequence) sequence).prompt();
        decisions.begin(n);
        for (int layer = 0; layer < config.layers(); layer++) {
            for (int from = 0; from < n; from += promptPages.chunk()) {
                watch.read((long) layer * n + from, (long) config.layers() * n);
                read(decisions, layer, states, first, from, Math.min(promptPages.chunk(), n - from));
            }
            frames.judge(decisions, layer);
            decisions.end(layer);
        }
        MemorySegment.copy(states, (n - 1) * width, lastState.getSegment(), ValueLayout.JAVA_FLOAT, 0, width);
        chain.run(promptEnd);
        last = promptEnd;
        fetched = false;
    }

    private void read(PromptDecisions decisions, int layer, float[] states, int first, int from, int rows) {
        int width = config.width();
        decisions.open(layer, rows);
        promptPages.open(decisions, layer, rows);
        prompt.active.set(0, rows);
        for (int i = 0; i < rows; i++) {
            prompt.positions.set(i, first + from + i);
        }
        var memory = prompt.states.getSegment();
        MemorySegment.copy(states, from * width, memory, ValueLayout.JAVA_FLOAT, 0, rows * width);
        chain.run(promptLayers[layer]);
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 0, states, from * width, rows * width);
        promptPages.done(layer);
    }

    @Override
    public synchronized float[] logits() {
        if (!fetched) {
            chain.download(last, logitTasks.logits);
            MemorySegment.copy(logitTasks.logits.getSegment(), ValueLayout.JAVA_FLOAT, 0, logits, 0, logits.length);
            fetched = true;
        }
        return logits;
    }

    @Override
    public int mostLikely(int i) {
        return logitTasks.chosen.get(i);
    }
}
