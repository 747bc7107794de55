package dev.kvasir.runner.command;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Generation;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.TokenSplit;
import dev.kvasir.runner.option.EngineFlags;
import dev.kvasir.runner.option.ExportFlags;
import dev.kvasir.runner.option.KvFlags;
import dev.kvasir.runner.option.LengthFlags;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.OutputFlags;
import dev.kvasir.runner.option.PromptFlags;
import dev.kvasir.runner.option.SamplingFlags;
import dev.kvasir.runner.option.TraceFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import dev.kvasir.runner.terminal.ProcessContext;
import dev.kvasir.runner.terminal.ProgressLine;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Continues a prompt. */
@Command(name = "run", description = {"Continues a prompt: the text on stdout, figures on stderr.", "",
    "  kvasir run -p \"ROMEO:\"",
    "  kvasir run -m model.gguf -f book.txt --question \" Who did it?\" --kv arkvale",
    "  echo \"ROMEO:\" | kvasir run"})
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Mixin
    private ModelFlags model;
    @Mixin
    private PromptFlags prompt;
    @Mixin
    private LengthFlags length;
    @Mixin
    private SamplingFlags sampling;
    @Mixin
    private OutputFlags output;
    @Mixin
    private EngineFlags engine;
    @Mixin
    private KvFlags kv;
    @Mixin
    private TraceFlags traceFlags;
    @Mixin
    private ExportFlags exportFlags;
    @Mixin
    private VerbosityFlags verbosity;

    @Override
    public Integer call() throws Exception {
        ProcessContext process = root.process();
        CacheOptions cacheOptions = Usage.of(spec, kv::options);
        SamplerOptions samplerOptions = Usage.of(spec, sampling::options);
        EngineOptions engineOptions = Usage.of(spec, engine::options);
        int maxTokens = Usage.of(spec, length::maxTokens);
        PrintWriter err = spec.commandLine().getErr();
        String text = Usage.of(spec, () -> prompt.text(process.stdin(), process.stdinIsTerminal(), err::println));

        try (var trace = traceFlags.open();
                var open = OpenModel.open(model.file(process.environment()), engineOptions)) {
            TokenSplit tokens = open.promptTokens(text, prompt.question());
            int[] context = tokens.before();
            int[] question = tokens.after();
            DoubledTokens.warning(open.tokenizer().vocabulary(), context).ifPresent(err::println);
            int made = open.model().config().contextLength();
            int size = Usage.of(spec,
                    () -> length.contextSize((long) context.length + question.length + maxTokens, made));
            if (size > made && !verbosity.isQuiet()) {
                err.printf("the context length of the model is %d tokens: its text may become worse before %d%n", made,
                        size);
            }
            boolean isEchoSeen = output.isEchoed() && process.stdoutIsTerminal();
            ProgressLine line = root.progress(spec, !isEchoSeen && !verbosity.isQuiet());
            open.model().watchPrompts(new PromptProgress(line, process.interruption()::isRequested));
            var export = exportFlags.open(open.model(), size);
            try (var _ = process.interruption().stopsByItself();
                    KvCache cache = export
                            .recorded(open.model().newCache(cacheOptions, size, 1, export.with(trace.events())));
                    Session session = open.model().openSession(cache, size)) {
                var sampler = new Sampler(samplerOptions, open.model().config().vocabulary());
                var answer = new Answer(spec.commandLine().getOut(), text, output,
                        open.tokenizer().decoder(text.isEmpty() ? DecodeOptions.TEXT : DecodeOptions.CONTINUATION));
                var generation = new Generation(session, sampler, open.tokenizer()::isEndOfGeneration,
                        () -> process.interruption().isRequested() || answer.isUnread());
                int read = context.length + question.length;
                trace.begin("run", open, cacheOptions, size, samplerOptions.seed());
                trace.log().tokens(0, context);
                if (question.length > 0) {
                    trace.log().tokens(context.length, question);
                }
                var drawn = new AtomicInteger(read);
                answer.begin(prompt.question());
                Generation.Report report = generation.run(context, question, maxTokens, token -> {
                    line.close();
                    trace.log().tokens(drawn.getAndIncrement(), token);
                    answer.add(token);
                });
                line.close();
                answer.end(process.stdoutIsTerminal());
                export.write();
                if (!verbosity.isQuiet()) {
                    new Figures(report, cache.stats(), samplerOptions.seed()).print(err);
                }
            }
        }
        return 0;
    }
}
