package dev.kvasir.runner.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.model.gguf.GgufArray;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.GgufTensor;
import dev.kvasir.model.gguf.GgufValue;
import dev.kvasir.model.gguf.UnreadTensor;
import dev.kvasir.report.ByteSize;
import dev.kvasir.report.Table;
import dev.kvasir.report.Table.Align;
import dev.kvasir.runner.bench.BenchFormat;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prints the metadata, the tensors and the totals of a model file. */
@Command(name = "info", description = "Prints the metadata, the tensors and the totals of a model file.")
final class InfoCommand implements Callable<Integer> {
    private static final int SHOWN_ELEMENTS = 6;
    private static final int SHOWN_LETTERS = 120;

    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Mixin
    private ModelFlags model;
    @Mixin
    private VerbosityFlags verbosity;
    @Option(names = "--json", description = "print one JSON object, with the length and the first elements of long arrays")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (GgufFile file = GgufFile.open(model.file(root.process().environment()))) {
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(object(file)));
            } else {
                print(file, out);
            }
            out.flush();
        }
        return 0;
    }

    private static void print(GgufFile file, PrintWriter out) throws IOException {
        String part = file.part().map(one -> ", part %d of %d".formatted(one.number(), one.count())).orElse("");
        out.printf("%s: GGUF version %d, %s%s%n%n", file.path(), file.version(),
                ByteSize.readable(Files.size(file.path())), part);
        Table metadata = new Table().column("key", Align.LEFT).column("type", Align.LEFT).column("value", Align.LEFT);
        file.metadata()
                .values()
                .forEach(
                        (key, value) -> metadata.row(key,
                                value instanceof GgufArray ? "array" : value.type().toString(),
                                shown(value)));
        Table tensors = new Table().column("tensor", Align.LEFT)
                .column("type", Align.LEFT)
                .column("shape", Align.RIGHT)
                .column("bytes", Align.RIGHT);
        for (Listed tensor : listed(file)) {
            tensors.row(tensor.name, tensor.type,
                    tensor.dims.stream().map(String::valueOf).collect(Collectors.joining(" x ")),
                    tensor.bytes < 0 ? "?" : Long.toString(tensor.bytes));
        }
        Table totals = new Table().column("type", Align.LEFT)
                .column("tensors", Align.RIGHT)
                .column("elements", Align.RIGHT)
                .column("size", Align.RIGHT);
        Map<String, Total> byType = totals(file);
        byType.forEach((type, total) -> total.addTo(totals, type));
        byType.values().stream().reduce(Total::plus).ifPresent(all -> all.addTo(totals, "all"));
        out.println(metadata);
        out.println(tensors);
        out.print(totals);
    }

    private static Map<String, Object> object(GgufFile file) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("file", file.path().toString());
        object.put("version", file.version());
        object.put("bytes", Files.size(file.path()));
        file.part().ifPresent(part -> object.put("part", Map.of("number", part.number(), "count", part.count())));
        Map<String, Object> metadata = new LinkedHashMap<>();
        file.metadata().values().forEach((key, value) -> metadata.put(key, plain(value)));
        object.put("metadata", metadata);
        List<Object> tensors = new ArrayList<>();
        for (Listed tensor : listed(file)) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", tensor.name);
            one.put("type", tensor.type);
            one.put("shape", tensor.dims);
            one.put("offset", tensor.offset);
            one.put("bytes", tensor.bytes < 0 ? null : tensor.bytes);
            tensors.add(one);
        }
        object.put("tensors", tensors);
        Map<String, Object> types = new LinkedHashMap<>();
        totals(file).forEach((type, total) -> types.put(type,
                Map.of("tensors", total.tensors, "elements", total.elements, "bytes", total.bytes)));
        object.put("types", types);
        return object;
    }

    private static Object plain(GgufValue value) {
        if (!(value instanceof GgufArray array)) {
            return value.plain();
        }
        List<Object> first = array.stream().limit(SHOWN_ELEMENTS).map(InfoCommand::plain).toList();
        return array.size() <= SHOWN_ELEMENTS
                ? first
                : Map.of("length", array.size(), "type", array.elementType().toString(), "first", first);
    }

    private static String shown(GgufValue value) {
        String text;
        if (value instanceof GgufArray array) {
            text = array.stream().limit(SHOWN_ELEMENTS).map(InfoCommand::shown).collect(Collectors.joining(", "));
            text = "%d x %s: %s%s".formatted(array.size(), array.elementType(), text,
                    array.size() > SHOWN_ELEMENTS ? ", …" : "");
        } else {
            text = value.toString();
        }
        text = text.replace("\n", "\\n").replace("\r", "\\r").replace("|", "\\|");
        return text.length() <= SHOWN_LETTERS
                ? text
                : "%s… (%d letters)".formatted(text.substring(0, SHOWN_LETTERS), text.length());
    }

    /** A tensor as it is printed, whether Kvasir reads it or not; bytes are -1 if unknown. */
    private record Listed(String name, String type, List<Integer> dims, long elements, long offset, long bytes) {}

    /** All tensors, by their offset, as in most files. */
    private static List<Listed> listed(GgufFile file) {
        var all = new ArrayList<Listed>();
        for (GgufTensor tensor : file.tensors()) {
            all.add(new Listed(tensor.name(), tensor.type().toString(), tensor.dims(), tensor.elements(),
                    tensor.offset(), tensor.data().byteSize()));
        }
        for (UnreadTensor tensor : file.unreadTensors()) {
            all.add(new Listed(tensor.name(), tensor.type(), tensor.dims(), tensor.elements(), tensor.offset(),
                    tensor.bytes()));
        }
        all.sort(Comparator.comparingLong(Listed::offset));
        return all;
    }

    private static Map<String, Total> totals(GgufFile file) {
        Map<String, Total> totals = new TreeMap<>();
        for (Listed tensor : listed(file)) {
            totals.merge(tensor.type, new Total(1, tensor.elements, Math.max(tensor.bytes, 0)), Total::plus);
        }
        return totals;
    }

    private record Total(int tensors, long elements, long bytes) {
        Total plus(Total other) {
            return new Total(tensors + other.tensors, elements + other.elements, bytes + other.bytes);
        }

        void addTo(Table table, String name) {
            table.row(name, Integer.toString(tensors), BenchFormat.count(elements), ByteSize.readable(bytes));
        }
    }
}
