package dev.kvasir.runner.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.kvasir.lab.run.Provenance;
import dev.kvasir.report.ByteSize;
import dev.kvasir.report.Table;
import dev.kvasir.report.Table.Align;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The output formats; {@code -o} takes their names. */
public enum BenchFormat {
    /** A table in Markdown, like llama-bench's. */
    MD {
        @Override
        public String of(List<BenchResult> results, Provenance provenance) {
            return table(results);
        }
    },
    /** Comma-separated values with a header line. */
    CSV {
        @Override
        public String of(List<BenchResult> results, Provenance provenance) {
            List<Map<String, Object>> rows = results.stream()
                    .map(result -> fields(result.fields(), provenance))
                    .toList();
            LinkedHashSet<String> names = new LinkedHashSet<>(); // rows may lack different shares
            rows.forEach(row -> names.addAll(row.keySet()));
            StringBuilder text = new StringBuilder(String.join(",", names)).append('\n');
            for (Map<String, Object> fields : rows) {
                text.append(names.stream()
                        .map(name -> quoted(fields.getOrDefault(name, "")))
                        .collect(Collectors.joining(","))).append('\n');
            }
            return text.toString();
        }
    },
    /** A list of objects with llama-bench's keys. */
    JSON {
        @Override
        public String of(List<BenchResult> results, Provenance provenance) {
            return json(MAPPER.writerWithDefaultPrettyPrinter(), results.stream()
                    .map(result -> object(result, provenance))
                    .toList())
                    + "\n";
        }
    },
    /** The same objects, one per line. */
    JSONL {
        @Override
        public String of(List<BenchResult> results, Provenance provenance) {
            return results.stream()
                    .map(result -> json(MAPPER.writer(), object(result, provenance)) + "\n")
                    .collect(Collectors.joining());
        }
    };

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The results as text. */
    public abstract String of(List<BenchResult> results, Provenance provenance);

    /** A row with the facts about the build and the machine; those of llama-bench come first, as there. */
    private static Map<String, Object> fields(Map<String, Object> row, Provenance provenance) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("build_commit", provenance.fact("build_commit"));
        fields.put("build_number", provenance.fact("build_number"));
        fields.putAll(row);
        provenance.facts().forEach(fields::putIfAbsent);
        return fields;
    }

    private static Map<String, Object> object(BenchResult result, Provenance provenance) {
        Map<String, Object> fields = fields(result.fields(), provenance);
        fields.put("samples_ns", result.nanos());
        fields.put("samples_ts", result.rates());
        return fields;
    }

    private static String json(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of numbers and strings are always JSON", e);
        }
    }

    private static String quoted(Object value) {
        return "\"" + value.toString().replace("\"", "\"\"") + "\"";
    }

    private static String table(List<BenchResult> results) {
        boolean bandwidth = results.stream().anyMatch(result -> !Double.isNaN(result.bandwidthShare()));
        boolean arithmetic = results.stream().anyMatch(result -> !Double.isNaN(result.arithmeticShare()));
        Table table = new Table().column("model", Align.LEFT)
                .column("size", Align.RIGHT)
                .column("params", Align.RIGHT)
                .column("backend", Align.LEFT)
                .column("threads", Align.RIGHT)
                .column("kv", Align.LEFT)
                .column("budget", Align.RIGHT)
                .column("test", Align.RIGHT)
                .column("t/s", Align.RIGHT)
                .column("median (middle half)", Align.RIGHT);
        if (bandwidth) {
            table.column("of read bandwidth", Align.RIGHT);
        }
        if (arithmetic) {
            table.column("of FMA peak", Align.RIGHT);
        }
        for (BenchResult result : results) {
            BenchSetup setup = result.setup();
            List<String> cells = new ArrayList<>(List.of(setup.modelType(),
                    ByteSize.readable(setup.modelBytes()), count(setup.parameters()), setup.engine(),
                    Integer.toString(setup.threads()), result.cache().kv(), result.cache().budget(),
                    result.test().label(),
                    String.format(Locale.ROOT, "%.2f ± %.2f", result.meanRate(), result.rateDeviation()),
                    String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", result.medianRate(), result.lowerQuartileRate(),
                            result.upperQuartileRate())));
            if (bandwidth) {
                cells.add(percent(result.bandwidthShare()));
            }
            if (arithmetic) {
                cells.add(percent(result.arithmeticShare()));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table.toString();
    }

    private static String percent(double share) {
        return Double.isNaN(share)
                ? ""
                : String.format(Locale.ROOT, share > 1 ? "%.0f %% (above the measured)" : "%.0f %%", 100 * share);
    }

    /** A rounded number of parameters with its unit: {@code 2.89 M}. */
    public static String count(long n) {
        if (n >= 1_000_000_000) {
            return String.format(Locale.ROOT, "%.2f B", n / 1e9);
        }
        return n >= 1_000_000
                ? String.format(Locale.ROOT, "%.2f M", n / 1e6)
                : String.format(Locale.ROOT, "%.2f K", n / 1e3);
    }
}
