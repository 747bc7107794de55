package dev.kvasir.runner.command;

import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.page.ArkValePolicy;
import dev.kvasir.kvcache.policy.page.FullPolicy;
import dev.kvasir.kvcache.policy.page.StreamingPolicy;
import dev.kvasir.lab.passkey.Passkey;
import dev.kvasir.lab.passkey.Trial;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.PromptStoppedException;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.report.ByteSize;
import dev.kvasir.report.Table;
import dev.kvasir.report.Table.Align;
import dev.kvasir.runner.option.EngineFlags;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.SizeFlags;
import dev.kvasir.runner.option.TraceFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import dev.kvasir.runner.terminal.Interruption;
import dev.kvasir.runner.terminal.ProgressLine;
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

/** Compares three policies on one question: eviction loses the answer, and recall brings it back. */
@Command(name = "demo", description = {"Compares three cache policies on a number hidden in a text.", "",
    "It hides a number in a long text and asks the model for it under each policy: full keeps everything, "
            + "streaming-llm keeps the first and newest pages, arkvale recalls evicted pages."})
final class DemoCommand implements Callable<Integer> {
    private static final List<CachePolicy> POLICIES = List.of(new FullPolicy(), new StreamingPolicy(),
            new ArkValePolicy());
    private static final Budget BUDGET = Budget.tokens(512); // of 8000: small enough that streaming-llm loses the number

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
    @Option(names = "--depth", paramLabel = "SHARE", description = "place of the number: 0 is the start of the text, 1 the end", defaultValue = "0.4")
    private double depth;
    @Mixin
    private SizeFlags size;
    @Option(names = {"-s", "--seed"}, paramLabel = "N", description = "seed of the hidden number", defaultValue = "1")
    private long seed;

    @Override
    public Integer call() throws Exception {
        EngineOptions engineOptions = Usage.of(spec, engine::options);
        Budget budget = size.budget().orElse(BUDGET);
        List<CacheOptions> caches = Usage.of(spec,
                () -> POLICIES.stream().map(policy -> options(policy, budget)).toList());
        PrintWriter err = spec.commandLine().getErr();
        Interruption interruption = root.process().interruption();
        try (var trace = traceFlags.open();
                var open = OpenModel.open(model.file(root.process().environment()), engineOptions);
                var _ = interruption.stopsByItself()) {
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
            ProgressLine line = root.progress(spec, !verbosity.isQuiet());
            var progress = new PromptProgress(line, interruption::isRequested);
            open.model().watchPrompts(progress);
            for (CacheOptions options : caches) {
                String policy = options.policy().name();
                trace.begin("demo", open, options, Trial.capacity(passkey), seed);
                trace.log().tokens(0, passkey.context());
                trace.log().tokens(passkey.context().length, passkey.question());
                Trial trial;
                try {
                    trial = Trial.run(open.model(), open.tokenizer(), passkey, options, trace.events(),
                            progress::checkToken);
                } catch (PromptStoppedException e) {
                    break;
                } finally {
                    line.close();
                }
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
        if (!verbosity.isQuiet() && !interruption.isRequested()) {
            err.println("Next: `kvasir chat -m MODEL.gguf` talks with a model of yours; docs/models.md names three. "
                    + "`kvasir experiment passkey --quick -o passkey` measures what this table shows.");
        }
        return 0;
    }

    private CacheOptions options(CachePolicy policy, Budget budget) {
        return CacheOptions.under(policy)
                .budget(policy.isBudgeted() ? budget : Budget.UNLIMITED)
                .pageSize(size.pageSize())
                .denseLayers(0)
                .build();
    }
}
