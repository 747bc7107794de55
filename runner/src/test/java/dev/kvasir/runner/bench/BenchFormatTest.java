package dev.kvasir.runner.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.lab.run.Provenance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class BenchFormatTest {
    private static final BenchSetup SETUP = new BenchSetup("dir/m.gguf", "llama 2.89 M F16", 5_783_552, 2_885_888,
            5_000_000, 5_000_000, "vector", 2, "Some \"CPU\", fast");
    private static final BenchResult DECODE = new BenchResult(SETUP, new BenchCache("arkvale", "2048", 32, "f16", true),
            new BenchTest(0, 100, 4096), Instant.parse("2026-01-02T03:04:05Z"), List.of(1_000_000_000L, 500_000_000L),
            0.713, Double.NaN, new BenchCopies(7_000_000, 3_000_000, 90, 60, 20), 1.5, 0.45);
    private static final BenchResult PROMPT = new BenchResult(SETUP, new BenchCache("full", "-", 32, "f16", false),
            new BenchTest(512, 0, 0), Instant.parse("2026-01-02T03:04:05Z"), List.of(1_000_000_000L), Double.NaN, 0.4,
            BenchCopies.NONE, 0, Double.NaN);

    private static final Provenance PROVENANCE = new Provenance(Map.of("build_commit", "1a2b3c4", "build_number", "812",
            "kernels", "vector 512 bits"));

    @Test
    void aRowAboveTheMeasuredMachineIsRemarked() throws Exception {
        BenchResult above = DECODE.of(new Machine(2e9, 2e9, 1e9), new Machine(1e9, 1e9, 1e9));

        assertThat(BenchFormat.MD.of(List.of(above), PROVENANCE)).contains("143 % (above the measured)");
        assertThat(BenchFormat.CSV.of(List.of(above), PROVENANCE)).contains("above the measured machine");
        assertThat(new Machine(1, 5, 3).higher(new Machine(2, 4, 3))).isEqualTo(new Machine(2, 5, 3));
    }

    @Test
    void everyRowNamesTheBuild() throws Exception {
        JsonNode row = new ObjectMapper().readTree(BenchFormat.JSONL.of(List.of(DECODE), PROVENANCE));

        assertThat(row.get("build_commit").asText()).isEqualTo("1a2b3c4");
        assertThat(row.get("build_number").asText()).isEqualTo("812");
        assertThat(row.get("kernels").asText()).isEqualTo("vector 512 bits");
    }

    @Test
    void theTableHasMeanAndDeviation() {
        assertThat(BenchFormat.MD.of(List.of(DECODE, PROMPT), PROVENANCE).lines()).containsExactly(
                "| model            |     size | params | backend | threads | kv      | budget |          test |            t/s |   median (middle half) | of read bandwidth | of FMA peak |",
                "| ---------------- | -------: | -----: | ------- | ------: | ------- | -----: | ------------: | -------------: | ---------------------: | ----------------: | ----------: |",
                "| llama 2.89 M F16 | 5.52 MiB | 2.89 M | vector  |       2 | arkvale |   2048 | tg100 @ d4096 | 150.00 ± 70.71 | 150.00 (125.00–175.00) |              71 % |             |",
                "| llama 2.89 M F16 | 5.52 MiB | 2.89 M | vector  |       2 | full    |      - |         pp512 |  512.00 ± 0.00 | 512.00 (512.00–512.00) |                   |        40 % |");
    }

    @Test
    void jsonHasTheKeysOfLlamaBench() throws Exception {
        JsonNode list = new ObjectMapper().readTree(BenchFormat.JSON.of(List.of(DECODE, PROMPT), PROVENANCE));

        assertThat(list.size()).isEqualTo(2);
        JsonNode row = list.get(0);
        for (String key : List.of("cpu_info", "model_filename", "model_type", "model_size", "model_n_params",
                "n_threads",
                "type_k", "type_v", "n_prompt", "n_gen", "n_depth", "test_time", "avg_ns", "stddev_ns", "avg_ts",
                "stddev_ts", "samples_ns", "samples_ts")) {
            assertThat(row.has(key)).as(key).isTrue();
        }
        assertThat(row.get("n_gen").asInt()).isEqualTo(100);
        assertThat(row.get("n_depth").asInt()).isEqualTo(4096);
        assertThat(row.get("avg_ns").asLong()).isEqualTo(750_000_000);
        assertThat(row.get("avg_ts").asDouble()).isCloseTo(150, within(1e-9));
        assertThat(row.get("median_ts").asDouble()).isCloseTo(150, within(1e-9));
        assertThat(row.get("q1_ts").asDouble()).isCloseTo(125, within(1e-9));
        assertThat(row.get("q3_ts").asDouble()).isCloseTo(175, within(1e-9));
        assertThat(row.get("others_cpu").asDouble()).isEqualTo(0.45);
        assertThat(list.get(1).has("others_cpu")).isFalse();
        assertThat(row.get("samples_ts").get(1).asDouble()).isEqualTo(200);
        assertThat(row.get("kv").asText()).isEqualTo("arkvale");
        assertThat(row.get("prefetch").asBoolean()).isTrue();
        assertThat(row.get("copy_hidden_ns").asLong()).isEqualTo(7_000_000);
        assertThat(row.get("copy_exposed_ns").asLong()).isEqualTo(3_000_000);
        assertThat(row.get("n_recalled").asInt()).isEqualTo(90);
        assertThat(row.get("n_prefetched").asInt()).isEqualTo(60);
        assertThat(row.get("n_prefetch_unused").asInt()).isEqualTo(20);
        assertThat(row.get("heap_bytes_per_token").asDouble()).isEqualTo(1.5);
        assertThat(list.get(1).get("stddev_ts").asDouble()).isZero();
    }

    @Test
    void jsonLinesHoldOneObjectEach() throws Exception {
        List<String> lines = BenchFormat.JSONL.of(List.of(DECODE, PROMPT), PROVENANCE).lines().toList();

        assertThat(lines).hasSize(2);
        assertThat(new ObjectMapper().readTree(lines.get(1)).get("n_prompt").asInt()).isEqualTo(512);
    }

    @Test
    void csvQuotesAndNamesEveryColumnOfEveryRow() {
        List<String> lines = BenchFormat.CSV.of(List.of(DECODE, PROMPT), PROVENANCE).lines().toList();

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("build_commit,build_number,cpu_info,backends,model_filename,")
                .endsWith("fma_peak_share");
        assertThat(lines.get(1)).startsWith("\"1a2b3c4\",\"812\",\"Some \"\"CPU\"\", fast\",\"vector\",");
        assertThat(lines.get(2)).endsWith(",\"0.4\"");
    }
}
