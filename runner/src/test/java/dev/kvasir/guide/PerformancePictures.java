package dev.kvasir.guide;

import dev.kvasir.guide.Bars.Bar;
import dev.kvasir.guide.Bars.Group;
import dev.kvasir.guide.Bars.Key;
import dev.kvasir.guide.Bars.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Measured speed, from the tables under {@code docs/results/performance}. */
final class PerformancePictures {
    private static final List<Key> COMPARED = List.of(new Key(Ink.BLUE, "Kvasir"), new Key(Ink.MUTED, "llama.cpp"));
    private static final String BOUND = "upper bound by memory";

    private PerformancePictures() {}

    static Sheet decode() {
        return new Bars(besides("decode", "", what -> what), COMPARED, BOUND, 84, true)
                .draw("Decode", "Tokens a second, short context, 1B shape");
    }

    static Sheet prompts() {
        return new Bars(besides("prompts", "", what -> what.replace("512 tokens ", "")), COMPARED, "", 64, true)
                .draw("Prompts", "Tokens a second, 512 tokens, 1B shape");
    }

    static Sheet longContext() {
        List<Key> keys = List.of(new Key(Ink.BLUE, "Kvasir"), new Key(Ink.MUTED, "compared with"));
        return new Bars(besides("long-context", "%s, ", PerformancePictures::spelled), keys, BOUND, 0, true)
                .draw("Long context", "Tokens a second");
    }

    /** Tables say "1b Q4_0 at 32768 tokens with arkvale 2048". */
    private static String spelled(String what) {
        return Pattern.compile("[0-9]{5,}")
                .matcher(what.replace("1b", "1B").replace(" with ", ", ").replace("attention ", "attention-heavy "))
                .replaceAll(number -> String.format(Locale.ROOT, "%,d", Integer.parseInt(number.group())));
    }

    /** Groups by processor; a row has a bar for Kvasir and one for each thing that it is compared with. */
    private static List<Group> besides(String table, String prefix, UnaryOperator<String> label) {
        Map<String, Map<String, Row>> groups = new LinkedHashMap<>();
        for (Table.Row row : Table.read("performance/%s.csv".formatted(table)).rows()) {
            Bar own = new Bar(Ink.BLUE, number(row.get("kvasir")), row.get("kvasir"));
            Bar other = new Bar(Ink.MUTED, number(row.get("beside_figure")),
                    prefix.formatted(row.get("beside")) + row.get("beside_figure"));
            groups.computeIfAbsent(row.get("processor"), key -> new LinkedHashMap<>())
                    .merge(row.get("what"),
                            new Row(label.apply(row.get("what")), List.of(own, other), number(row.get("bound"))),
                            (known, more) -> new Row(known.label(),
                                    Stream.concat(known.bars().stream(), Stream.of(other)).toList(), known.bound()));
        }
        return groups.entrySet()
                .stream()
                .map(group -> new Group(group.getKey(), List.copyOf(group.getValue().values())))
                .toList();
    }

    static Sheet ladderOnCpu() {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        for (Table.Row row : Table.read("performance/ladder-cpu.csv").rows()) {
            String heads = row.get("query_heads_a_kv_head");
            double percent = number(row.get("percent_of_bare_read_after"));
            boolean more = row.get("after_is_at_least").equals("yes");
            Bar bar = new Bar(Ink.BLUE, percent, (more ? "over %.0f %%" : "%.0f %%").formatted(percent));
            groups.computeIfAbsent(heads.equals("1")
                    ? "One query head for each KV head"
                    : heads + " query heads for each KV head", key -> new ArrayList<>())
                    .add(new Row(row.get("change"), List.of(bar), 100));
        }
        return new Bars(groups.entrySet().stream().map(group -> new Group(group.getKey(), group.getValue())).toList(),
                List.of(), "a bare read of memory", 0, true)
                .draw("Attention on the CPU, step by step", "Bytes a second, as a share of a bare read");
    }

    static Sheet ladderOnGpu() {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        for (Table.Row row : Table.read("performance/ladder-gpu.csv").rows()) {
            long sectors = Long.parseLong(row.get("sectors"));
            boolean last = !row.get("kernel").matches(".*[0-9].*");
            groups.computeIfAbsent(row.get("operation"), key -> new ArrayList<>())
                    .add(new Row("%s: %s".formatted(row.get("kernel"), row.get("change")),
                            List.of(new Bar(last ? Ink.BLUE : Ink.MUTED, sectors,
                                    String.format(Locale.ROOT, "%,d", sectors))),
                            Double.NaN));
        }
        return new Bars(groups.entrySet().stream().map(group -> new Group(group.getKey(), group.getValue())).toList(),
                List.of(new Key(Ink.MUTED, "earlier version"), new Key(Ink.BLUE, "the kernel in use")), "", 0, false)
                .draw("GPU kernels, step by step", "Sectors of 32 bytes that move, counted by the simulator");
    }

    private static double number(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }
}
