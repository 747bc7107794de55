package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kernels.backup.BackupType;
import dev.kvasir.kernels.choice.vector.TopK;
import dev.kvasir.kernels.digest.tornado.DigestScore;
import dev.kvasir.kernels.page.FrameArray;
import dev.kvasir.kernels.page.PageGeometry;
import dev.kvasir.kernels.page.tornado.FrameBuffer;
import dev.kvasir.kernels.page.tornado.Heads;
import dev.kvasir.kvcache.page.HostStore;
import dev.kvasir.kvcache.paged.GraphDevice;
import dev.kvasir.kvcache.paged.PromptDecisions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.transfer.PageCopies;
import dev.kvasir.kvcache.transfer.PageTransfers;
import dev.kvasir.kvcache.transfer.tornado.CudaPageTransfers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The frames of a cache on a device that runs TornadoVM task graphs, and the chain of graphs that share them. A model adds
 * its graphs, in which {@link #decodePages} and {@link #promptPages} add the tasks on pages, and then calls
 * {@link #start}.
 */
public final class TornadoFrames implements GraphDevice {
    private final CachePlan layout;
    private final TopK topK = new TopK();
    private final FrameBuffer buffer;
    private final Heads heads;
    private final GraphChain chain = new GraphChain();
    private final FloatArray lastQueries; // [prefillQueries][queryHeads][headDim]
    private final GraphTransfers copies;
    private @Nullable HostStore host;
    private @Nullable PromptFill fill;
    private @Nullable PromptJudge judge;

    /** Allocates the arrays on the host, and not yet on the device. Pages are copied by {@link PageCopies#STAGED}. */
    public TornadoFrames(CachePlan layout) {
        this(layout, PageCopies.STAGED);
    }

    /** As the other, with a choice of copies. Under {@link PageCopies#STREAM} the plan must not have intra-plan concurrency. */
    public TornadoFrames(CachePlan layout, PageCopies how) {
        this(layout, switch (how) {
            case STAGED -> device -> new StagedTransfers(device);
            case STREAM -> device -> new StreamedTransfers(
                    new CudaPageTransfers(device::host, device.geometry().frameBytes(),
                            FrameArray.stride(device.geometry())),
                    device.buffer().array());
        });
    }

    TornadoFrames(CachePlan layout, Function<TornadoFrames, GraphTransfers> copies) {
        this.layout = layout;
        buffer = FrameBuffer.of(layout.geometry(), layout.frames());
        heads = new Heads(layout.groups(), layout.shape().queryHeads());
        lastQueries = new FloatArray(layout.options().prefillQueries() * layout.shape().queryHeads()
                * layout.shape().headDim());
        this.copies = copies.apply(this);
    }

    /** The graphs that share the frames. */
    public GraphChain chain() {
        return chain;
    }

    /** The layout of the cache. */
    public CachePlan layout() {
        return layout;
    }

    /** The tasks on pages in decode steps, for all sequences of the cache at once. */
    public DecodePages decodePages() {
        return new DecodePages(this);
    }

    /** The tasks on pages in graphs that read prompts. */
    public PromptPages promptPages(int chunkTokens) {
        return new PromptPages(this, chunkTokens);
    }

    /** Adds the graphs that need no model, compiles all graphs, and runs each of them once with nothing to do. */
    public void start(TornadoPlanOptions options) {
        if (layout.recalls()) {
            copies.addGraphs(chain);
        }
        fill = new PromptFill(this);
        if (layout.scores()) {
            judge = new PromptJudge(this);
        }
        chain.start(options);
    }

    /** A staging area for up to {@code slots} pages, or for one if no pages ever pass through it. */
    StagingArea newStage(int slots) {
        int used = layout.recalls() && copies.backsUpInGraph() ? slots : 1;
        return new StagingArea(layout.geometry(), used);
    }

    FloatArray lastQueries() {
        return lastQueries;
    }

    GraphTransfers copies() {
        return copies;
    }

    /** The frames. */
    FrameBuffer buffer() {
        return buffer;
    }

    /** The heads of the model. */
    Heads heads() {
        return heads;
    }

    /** The backups. */
    HostStore host() {
        return started(host);
    }

    private static <T> T started(@Nullable T what) {
        if (what == null) {
            throw new IllegalStateException("the graphs of this device have not been started");
        }
        return what;
    }

    @Override
    public PageGeometry geometry() {
        return layout.geometry();
    }

    @Override
    public int frames() {
        return layout.frames();
    }

    @Override
    public int maxTokens() {
        return layout.contextTokens();
    }

    @Override
    public int select(float[] importance, int from, int to, int k, int[] winners) {
        return topK.select(importance, from, to, k, winners);
    }

    @Override
    public PageTransfers transfers(HostStore host, BackupType backups) {
        this.host = host;
        return copies;
    }

    @Override
    public void append(PromptDecisions prompt, int layer, float[] q, float[] k, float[] v, int tokens) {
        started(fill).append(prompt, layer, q, k, v, tokens);
    }

    @Override
    public void judge(PromptDecisions prompt, int layer) {
        if (prompt.isJudgedAtEnd()) {
            started(judge).judge(prompt, layer);
        }
    }

    @Override
    public void close() {
        chain.close();
    }

    /** Appends tokens that come from the host. */
    private static final class PromptFill {
        private final GraphChain chain;
        private final PromptPages pages;
        private final GraphChain.Graph dense;
        private final GraphChain.Graph managed;
        private final FloatArray q;
        private final FloatArray k;
        private final FloatArray v;
        private final int denseLayers;

        PromptFill(TornadoFrames device) {
            chain = device.chain;
            var layout = device.layout;
            denseLayers = layout.denseLayers();
            int tokens = layout.options().pageSize();
            pages = new PromptPages(device, tokens);
            q = new FloatArray(tokens * layout.shape().queryHeads() * layout.shape().headDim());
            k = new FloatArray(tokens * layout.shape().kvHeads() * layout.shape().headDim());
            v = new FloatArray(k.getSize());
            dense = graph("fillDense", 0);
            managed = layout.scores() || layout.recalls() ? graph("fill", layout.shape().layers() - 1) : dense;
        }

        private GraphChain.Graph graph(String name, int layer) {
            var graph = chain.add(name);
            graph.uploads(q, k, v);
            pages.addAppend(graph, layer, q, k, v);
            return graph;
        }

        void append(PromptDecisions prompt, int layer, float[] queries, float[] keys, float[] values, int tokens) {
            pages.open(prompt, layer, tokens);
            copy(queries, q);
            copy(keys, k);
            copy(values, v);
            chain.run(layer < denseLayers ? dense : managed);
            pages.done(layer);
        }

        private static void copy(float[] from, FloatArray to) {
            MemorySegment.copy(from, 0, to.getSegment(), ValueLayout.JAVA_FLOAT, 0,
                    Math.min(from.length, to.getSize()));
        }
    }

    /** Scores the pages of one layer of one sequence by several queries at a time, and takes the mean. */
    private static final class PromptJudge {
        private final GraphChain chain;
        private final CachePlan layout;
        private final GraphChain.Graph graph;
        private final IntTable digestFrames; // [queries][groups][maxDigestFrames]
        private final IntTable judged; // [queries][groups]
        private final FloatArray importance; // [queries][groups][maxDigests]
        private final MemorySegment memory;

        PromptJudge(TornadoFrames device) {
            chain = device.chain;
            layout = device.layout;
            int queries = layout.options().prefillQueries();
            int tables = queries * layout.groups();
            digestFrames = new IntTable(tables * layout.maxDigestFrames(), 0);
            judged = new IntTable(tables, 0);
            importance = new FloatArray(tables * stride());
            memory = importance.getSegment();
            graph = chain.add("judge");
            graph.keeps(device.buffer.array(), device.lastQueries);
            graph.uploads(digestFrames.array(), judged.array());
            DigestScore.addTo(graph.tasks(), "score", device.lastQueries, device.buffer, digestFrames.array(),
                    judged.array(), importance, layout.options().digest(), layout.options().aggregation(),
                    device.heads);
            graph.downloads(importance);
        }

        private int stride() {
            return layout.maxDigests();
        }

        void judge(PromptDecisions prompt, int layer) {
            int queries = prompt.judgingQueries();
            for (int i = 0; i < layout.options().prefillQueries(); i++) {
                for (var group : prompt.groups(layer)) {
                    int table = i * layout.groups() + group.group();
                    judged.set(table, i < queries ? group.digests() : 0);
                    digestFrames.put(table * layout.maxDigestFrames(), group.digestFrames(),
                            Math.min(group.digestFrames().length, layout.maxDigestFrames()));
                }
            }
            chain.run(graph);
            for (var group : prompt.groups(layer)) {
                float[] means = group.importances();
                for (int page = 0; page < group.digests(); page++) {
                    float sum = 0;
                    for (int i = 0; i < queries; i++) {
                        int table = i * layout.groups() + group.group();
                        sum += memory.getAtIndex(ValueLayout.JAVA_FLOAT, (long) table * stride() + page);
                    }
                    means[page] = sum / queries;
                }
                prompt.judged(group);
            }
        }
    }
}
