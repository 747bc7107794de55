package dev.kvasir.kvcache.paged.graph;

import dev.kvasir.kvcache.KvCaches;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.paged.DecodeDecisions;
import dev.kvasir.kvcache.paged.GraphSequence;
import dev.kvasir.kvcache.paged.PagedCache;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Function;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** A cache on graphs without a model: queries, keys and values come from the host, attention goes back there. */
final class GraphRun implements AutoCloseable {
    private final Function<CachePlan, TornadoFrames> devices;
    private final CacheShape shape;
    private final int chunk;
    final PagedCache cache;
    final GraphSequence[] sequences;
    private final DecodeDecisions[] decisions;

    private TornadoFrames frames;
    private DecodePages decode;
    private PromptPages prompt;
    private GraphChain.Graph[] append;
    private GraphChain.Graph[] attend;
    private GraphChain.Graph[] read;
    private FloatArray[] q;
    private FloatArray[] k;
    private FloatArray[] v;
    private FloatArray out;
    private FloatArray promptQ;
    private FloatArray promptK;
    private FloatArray promptV;
    private FloatArray promptOut;

    @SuppressWarnings("NullAway.Init") // made by build, which the cache calls
    GraphRun(CacheShape shape, CacheOptions options, int context, int count, int chunk, CacheEvents events) {
        this(shape, options, context, count, chunk, events, TornadoFrames::new);
    }

    @SuppressWarnings("NullAway.Init") // made by build, which the cache calls
    GraphRun(CacheShape shape, CacheOptions options, int context, int count, int chunk, CacheEvents events,
            Function<CachePlan, TornadoFrames> devices) {
        this.devices = devices;
        this.shape = shape;
        this.chunk = chunk;
        cache = KvCaches.createOnGraphs(shape, options, context, count, this::build, events);
        sequences = new GraphSequence[count];
        Arrays.setAll(sequences, i -> (GraphSequence) cache.open(context));
        decisions = Arrays.stream(sequences).map(GraphSequence::decode).toArray(DecodeDecisions[]::new);
    }

    private TornadoFrames build(CachePlan layout) {
        int rows = layout.sequences();
        int layers = shape.layers();
        int queryWidth = shape.queryHeads() * shape.headDim();
        int kvWidth = shape.kvHeads() * shape.headDim();
        frames = devices.apply(layout);
        decode = frames.decodePages();
        prompt = frames.promptPages(chunk);
        append = new GraphChain.Graph[layers];
        attend = new GraphChain.Graph[layers];
        read = new GraphChain.Graph[layers];
        q = new FloatArray[layers];
        k = new FloatArray[layers];
        v = new FloatArray[layers];
        out = new FloatArray(rows * queryWidth);
        promptQ = new FloatArray(chunk * queryWidth);
        promptK = new FloatArray(chunk * kvWidth);
        promptV = new FloatArray(chunk * kvWidth);
        promptOut = new FloatArray(chunk * queryWidth);
        for (int layer = 0; layer < layers; layer++) {
            q[layer] = new FloatArray(rows * queryWidth);
            k[layer] = new FloatArray(rows * kvWidth);
            v[layer] = new FloatArray(rows * kvWidth);
            append[layer] = frames.chain().add("append" + layer);
            if (layer == 0) {
                decode.addTo(append[layer]);
            }
            append[layer].uploads(k[layer], v[layer]);
            if (decode.endsGraph(layer)) {
                append[layer].uploadsForAll(q[layer]);
            }
            decode.addAppend(append[layer], layer, q[layer], k[layer], v[layer]);
            attend[layer] = frames.chain().add("attend" + layer);
            if (decode.endsGraph(layer)) {
                attend[layer].keeps(q[layer]);
            } else {
                attend[layer].uploads(q[layer]);
            }
            decode.addAttend(attend[layer], layer, q[layer], out);
            attend[layer].downloads(out);
            read[layer] = frames.chain().add("read" + layer);
            read[layer].uploads(promptQ, promptK, promptV);
            prompt.addAppend(read[layer], layer, promptQ, promptK, promptV);
            prompt.addAttend(read[layer], promptQ, promptOut);
            read[layer].downloads(promptOut);
        }
        frames.start(plan -> {});
        return frames;
    }

    /** Reads a chunk of the prompt of one sequence. */
    float[] read(int sequence, int layer, float[] queries, float[] keys, float[] values, int tokens) {
        sequences[sequence].prompt().open(layer, tokens);
        prompt.open(sequences[sequence].prompt(), layer, tokens);
        copy(queries, promptQ, 0);
        copy(keys, promptK, 0);
        copy(values, promptV, 0);
        frames.chain().run(read[layer]);
        prompt.done(layer);
        return Arrays.copyOf(toArray(promptOut), queries.length);
    }

    void endRead(int sequence, int layer) {
        frames.judge(sequences[sequence].prompt(), layer);
        sequences[sequence].prompt().end(layer);
    }

    void beginStep(int n) {
        decode.begin(decisions, n);
    }

    /** One layer of a step of the first {@code queries.length} sequences. */
    float[][] step(int layer, float[][] queries, float[][] keys, float[][] values) {
        for (int i = 0; i < queries.length; i++) {
            copy(queries[i], q[layer], i);
            copy(keys[i], k[layer], i);
            copy(values[i], v[layer], i);
        }
        decode.open(layer);
        frames.chain().run(append[layer]);
        decode.choose(layer);
        decode.list(layer);
        frames.chain().run(attend[layer]);
        decode.attended(layer);
        float[] all = toArray(out);
        float[][] results = new float[queries.length][];
        Arrays.setAll(results, i -> Arrays.copyOfRange(all, i * queries[i].length, (i + 1) * queries[i].length));
        return results;
    }

    private static void copy(float[] from, FloatArray to, int row) {
        MemorySegment.copy(from, 0, to.getSegment(), ValueLayout.JAVA_FLOAT, 4L * row * from.length, from.length);
    }

    private static float[] toArray(FloatArray array) {
        return array.getSegment().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        for (var sequence : sequences) {
            sequence.close();
        }
        cache.close();
    }
}
