package dev.kvasir.benchmarks;

import dev.kvasir.kernels.page.vector.PageAppend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** New keys and values of all KV heads into a frame. */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before any benchmark
public class PageAppendBenchmark extends LayerPages {
    private PageAppend append;

    @Setup
    public void prepare() {
        append = new PageAppend(frames);
    }

    /** One token, as a decode step writes it. */
    @Benchmark
    public void token() {
        append(1);
    }

    /** A whole page, as a prompt writes it. */
    @Benchmark
    public void page() {
        append(PAGE_SIZE);
    }

    private void append(int count) {
        for (int head = 0; head < HEADS; head++) {
            append.append(0, head, 0, count, keys, keys, 0, HEADS * headDim);
        }
    }
}
