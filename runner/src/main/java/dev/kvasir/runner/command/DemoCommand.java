package dev.kvasir.runner.command;

import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.CacheOptions;
import dev.kvasir.lab.passkey.Passkey;
import dev.kvasir.lab.passkey.Trial;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.report.ByteSize;
import dev.kvasir.report.Table;
import dev.kvasir.report.Table.Align;
import dev.kvasir.runner.option.EngineFlags;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.TraceFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what eviction costs and what recall brings back. */
@Command(name = "demo", description = {"Hides a number in a long text and asks for it under three policies:",
    "full keeps everything, streaming-llm keeps the first and newest pages, arkvale recalls evicted pages.%n"})
final class DemoCommand implements Callable<Integer> {
    private static final List<String> POLICIES = List.of("full", "streaming-llm", "arkvale");

    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Mixin
    private ModelFlags model;
    @Mixin
    private EngineFlags engine;
    @Mixin
    private TraceFlags traceFlags;
    @Mixin
    private VerbosityFlags verbosity;
    @Option(names = "--length", paramLabel = "TOKENS", description = "length of the text, question included", defaultValue = "8000")
    private int length;
    @Option(names = "--depth", paramLabel = "SHARE", description = "where the number is: 0 is the start, 1 the end", defaultValue = "0.4")
    private double depth;
    @Option(names = "--budget", paramLabel = "SIZE", description = "what may stay on the device, per layer: 512 tokens, 16p pages or 25%% of the text", defaultValue = "512")
    private Budget budget;
    @Option(names = "--page-size", paramLabel = "TOKENS", description = "tokens in a page", defaultValue = "32")
    private int pageSize;
    @Option(names = {"-s", "--seed"}, paramLabel = "N", description = "which number is hidden", defaultValue = "1")
    private long seed;

    @Override
    public Integer call() throws Exception {
        EngineOptions engineOptions = Usage.of(spec, engine::options);
        CacheOptions small = Usage.of(spec, () -> CacheOptions.builder()
                .policy("arkvale")
                .budget(budget)
                .pageSize(pageSize)
                .denseLayers(0)
                .build());
        PrintWriter err = spec.commandLine().getErr();
        try (var trace = traceFlags.open();
                var open = OpenModel.open(model.file(root.process().environment()), engineOptions)) {
            Passkey passkey = Usage.of(spec, () -> Passkey.hide(open.tokenizer(), length, depth, seed));
            Table table = new Table().column("policy", Align.LEFT)
                    .column("answer", Align.RIGHT)
                    .column("", Align.LEFT)
                    .column("KV on device", Align.RIGHT)
                    .column("tokens/s", Align.RIGHT)
                    .column("evicted", Align.RIGHT)
                    .column("recalled", Align.RIGHT);
            if (!verbosity.isQuiet()) {
                err.printf(Locale.ROOT,
                        "The pass key %s is hidden in %d tokens, at %.0f %% of the text; budget %s per layer where there is one.%n",
                        passkey.answer(), length, 100 * depth, budget);
            }
            for (String policy : POLICIES) {
                if (root.process().interruption().isRequested()) {
                    break;
                }
                CacheOptions options = small.toBuilder()
                        .policy(policy)
                        .budget(policy.equals("full") ? Budget.UNLIMITED : budget)
                        .build();
                Trial trial = Trial.run(open.model(), open.tokenizer(), passkey, options, trace.events());
                if (!verbosity.isQuiet()) {
                    err.printf(Locale.ROOT, "%s read the text in %s%n", policy,
                            Figures.seconds(trial.run().prefillNanos()));
                    err.flush();
                }
                table.row(policy, trial.answer().isEmpty() ? "none" : trial.answer(),
                        trial.isRight() ? "right" : "wrong",
                        ByteSize.readable(trial.run().cache().deviceBytes()),
                        String.format(Locale.ROOT, "%.0f", trial.run().decodeRate()),
                        Long.toString(trial.run().cache().evicted()), Long.toString(trial.run().cache().recalled()));
            }
            spec.commandLine().getOut().print(table);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
