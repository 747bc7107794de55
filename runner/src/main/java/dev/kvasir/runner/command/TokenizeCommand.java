package dev.kvasir.runner.command;

import dev.kvasir.lab.data.PlainText;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.DecodeOptions.Controls;
import dev.kvasir.model.tokenizer.DecodeOptions.LeadingSpace;
import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.EncodeOptions.Edges;
import dev.kvasir.model.tokenizer.Tokenizer;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prints the tokens of a text. */
@Command(name = "tokenize", description = "Prints the tokens of a text: a table of ids and pieces.")
final class TokenizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Mixin
    private ModelFlags model;
    @Mixin
    private VerbosityFlags verbosity;
    @Option(names = "--ids", description = "print the ids only, on one line")
    private boolean idsOnly;
    @Option(names = "--no-bos", description = "leave out the tokens that begin and end a text")
    private boolean noBos;
    @Parameters(paramLabel = "TEXT", description = "the text; - reads stdin to its end")
    private String text;

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer;
        try (GgufFile file = GgufFile.open(model.file(root.process().environment()))) {
            tokenizer = Tokenizer.from(file);
        }
        String all = text.equals("-") ? stdin() : text;
        EncodeOptions options = EncodeOptions.PROMPT;
        int[] ids = tokenizer.encode(all, noBos ? new EncodeOptions(Edges.NONE, options.controls()) : options);
        if (!noBos) {
            DoubledTokens.warning(tokenizer.vocabulary(), ids).ifPresent(spec.commandLine().getErr()::println);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (idsOnly) {
            out.println(Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        } else {
            for (int id : ids) {
                out.printf("%6d  %s%n", id, piece(tokenizer, id));
            }
        }
        out.flush();
        return 0;
    }

    private String stdin() throws IOException {
        PlainText read = PlainText.of(root.process().stdin().readAllBytes(), "stdin");
        read.warning().ifPresent(spec.commandLine().getErr()::println);
        return read.text();
    }

    /** The text of a token between quotes, or its bytes where they are no whole characters. */
    private static String piece(Tokenizer tokenizer, int id) {
        String shown = tokenizer.decode(new int[]{id}, new DecodeOptions(Controls.SHOWN, LeadingSpace.KEPT));
        if (shown.indexOf('\uFFFD') >= 0) {
            return "bytes " + HexFormat.ofDelimiter(" ").formatHex(tokenizer.piece(id));
        }
        StringBuilder quoted = new StringBuilder("\"");
        shown.chars().forEach(c -> {
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (c < ' ') {
                        quoted.append("\\u%04x".formatted(c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
