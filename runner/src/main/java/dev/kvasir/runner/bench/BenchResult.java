package dev.kvasir.runner.bench;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * One row: a test under a cache, timed several times.
 *
 * @param start when its first timed round began
 * @param nanos time of each round
 * @param bandwidthShare bytes read per second as a share of the machine's read bandwidth; NaN if unknown
 * @param arithmeticShare operations per second as a share of the machine's peak; NaN if unknown
 * @param copies the average copies of a round
 * @param allocatedPerToken bytes that all threads allocated on the heap for a token, in the round with the fewest: in
 *             other rounds C2 may still have been compiling
 * @param othersCpu share of the machine's CPU time that other processes took during the rounds; NaN if unknown
 */
public record BenchResult(BenchSetup setup, BenchCache cache, BenchTest test, Instant start, List<Long> nanos,
        double bandwidthShare, double arithmeticShare, BenchCopies copies, double allocatedPerToken,
        double othersCpu) {

    /** The same row with its shares of the rates of a machine that was measured as {@code before} when it was made. */
    public BenchResult of(Machine before, Machine now) {
        return new BenchResult(setup, cache, test, start, nanos, bandwidthShare * before.readBytes() / now.readBytes(),
                arithmeticShare * before.operations() / now.operations(), copies, allocatedPerToken, othersCpu);
    }

    /** Whether the row is faster than the measured machine, so that its share means nothing. */
    public boolean isAboveMachine() {
        return bandwidthShare > 1 || arithmeticShare > 1;
    }

    /** Tokens per second of each round. */
    List<Double> rates() {
        return nanos.stream().map(n -> test.tokens() * 1e9 / n).toList();
    }

    /** Mean tokens per second over the rounds. */
    public double meanRate() {
        return statistics(rates()).getMean();
    }

    /** Standard deviation of the tokens per second over the rounds; 0 for a single round. */
    public double rateDeviation() {
        return deviation(statistics(rates()));
    }

    /** Half of the rounds were faster. */
    public double medianRate() {
        return rate(50);
    }

    /** A quarter of the rounds was slower. */
    public double lowerQuartileRate() {
        return rate(25);
    }

    /** A quarter of the rounds was faster. */
    public double upperQuartileRate() {
        return rate(75);
    }

    private double rate(double percentile) {
        DescriptiveStatistics statistics = statistics(rates());
        statistics.setPercentileImpl(new Percentile().withEstimationType(Percentile.EstimationType.R_7));
        return statistics.getPercentile(percentile);
    }

    /** The row with llama-bench's keys and some additional ones. */
    public Map<String, Object> fields() {
        DescriptiveStatistics time = statistics(nanos);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cpu_info", setup.cpu());
        fields.put("backends", setup.engine());
        fields.put("model_filename", setup.modelFile());
        fields.put("model_type", setup.modelType());
        fields.put("model_size", setup.modelBytes());
        fields.put("model_n_params", setup.parameters());
        fields.put("n_threads", setup.threads());
        fields.put("type_k", cache.kvType());
        fields.put("type_v", cache.kvType());
        fields.put("kv", cache.kv());
        fields.put("budget", cache.budget());
        fields.put("page_size", cache.pageSize());
        fields.put("prefetch", cache.prefetch());
        fields.put("n_prompt", test.prompt());
        fields.put("n_gen", test.generated());
        fields.put("n_depth", test.depth());
        fields.put("test_time", start.toString());
        fields.put("avg_ns", Math.round(time.getMean()));
        fields.put("stddev_ns", Math.round(deviation(time)));
        fields.put("avg_ts", meanRate());
        fields.put("stddev_ts", rateDeviation());
        fields.put("median_ts", medianRate());
        fields.put("q1_ts", lowerQuartileRate());
        fields.put("q3_ts", upperQuartileRate());
        fields.put("copy_hidden_ns", copies.hiddenNanos());
        fields.put("copy_exposed_ns", copies.exposedNanos());
        fields.put("n_recalled", copies.recalled());
        fields.put("n_prefetched", copies.prefetched());
        fields.put("n_prefetch_unused", copies.unused());
        fields.put("heap_bytes_per_token", allocatedPerToken);
        if (!Double.isNaN(othersCpu)) {
            fields.put("others_cpu", othersCpu);
        }
        if (isAboveMachine()) {
            fields.put("remark", "above the measured machine");
        }
        if (!Double.isNaN(bandwidthShare)) {
            fields.put("read_bandwidth_share", bandwidthShare);
        }
        if (!Double.isNaN(arithmeticShare)) {
            fields.put("fma_peak_share", arithmeticShare);
        }
        return fields;
    }

    private static DescriptiveStatistics statistics(List<? extends Number> values) {
        return new DescriptiveStatistics(values.stream().mapToDouble(Number::doubleValue).toArray());
    }

    private static double deviation(DescriptiveStatistics statistics) {
        return statistics.getN() < 2 ? 0 : statistics.getStandardDeviation();
    }
}
