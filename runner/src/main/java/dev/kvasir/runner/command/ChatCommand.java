package dev.kvasir.runner.command;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.ContextLengthException;
import dev.kvasir.model.Generation;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.chat.ChatTemplate;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.SamplerOptions;
import dev.kvasir.runner.chat.Conversation;
import dev.kvasir.runner.chat.Lines;
import dev.kvasir.runner.option.EngineFlags;
import dev.kvasir.runner.option.KvFlags;
import dev.kvasir.runner.option.LengthFlags;
import dev.kvasir.runner.option.ModelFlags;
import dev.kvasir.runner.option.SamplingFlags;
import dev.kvasir.runner.option.TraceFlags;
import dev.kvasir.runner.option.VerbosityFlags;
import dev.kvasir.runner.terminal.ProcessContext;
import dev.kvasir.runner.terminal.ProgressLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A conversation with a model. */
@Command(name = "chat", description = {"Talks with a model, turn by turn in one session.", "",
    "/help lists the commands of the conversation. Ctrl-C stops an answer."})
final class ChatCommand implements Callable<Integer> {
    private static final int DEFAULT_CONTEXT = 8192; // tokens

    @Spec
    private CommandSpec spec;
    @ParentCommand
    private Kvasir root;
    @Mixin
    private ModelFlags model;
    @Option(names = {"-sp",
        "--system-prompt"}, paramLabel = "TEXT", description = "instructions to the model before the conversation", defaultValue = "")
    private String systemPrompt;
    @Mixin
    private LengthFlags length;
    @Mixin
    private SamplingFlags sampling;
    @Mixin
    private EngineFlags engine;
    @Mixin
    private KvFlags kv;
    @Mixin
    private TraceFlags traceFlags;
    @Mixin
    private VerbosityFlags verbosity;

    private final AtomicBoolean stopAnswer = new AtomicBoolean();

    @Override
    public Integer call() throws Exception {
        ProcessContext process = root.process();
        CacheOptions cacheOptions = Usage.of(spec, kv::options);
        SamplerOptions samplerOptions = Usage.of(spec, sampling::options);
        EngineOptions engineOptions = Usage.of(spec, engine::options);
        int maxTokens = Usage.of(spec, length::maxTokens);

        try (var trace = traceFlags.open();
                var open = OpenModel.open(model.file(process.environment()), engineOptions)) {
            int size = Usage.of(spec,
                    () -> length.contextSize(DEFAULT_CONTEXT, open.model().config().contextLength()));
            Optional<ChatTemplate> template = open.chatTemplate();
            if (template.isEmpty() && !verbosity.isQuiet()) {
                spec.commandLine()
                        .getErr()
                        .println(
                                "this model has no chat template: it continues your lines as plain text; docs/models.md names models to talk with");
            }
            ProgressLine progress = root.progress(spec, !verbosity.isQuiet());
            open.model().watchPrompts(new PromptProgress(progress, this::isStopped));
            Supplier<KvCache> caches = () -> {
                trace.begin("chat", open, cacheOptions, size, samplerOptions.seed());
                return open.model().newCache(cacheOptions, size, 1, trace.events());
            };
            try (var conversation = new Conversation(open, caches, trace.log(), size, template, samplerOptions,
                    systemPrompt);
                    Lines lines = Lines.of(process)) {
                lines.onInterrupt(() -> stopAnswer.set(true));
                talk(conversation, lines, progress, maxTokens, samplerOptions.seed());
            }
        }
        return 0;
    }

    private void talk(Conversation conversation, Lines lines, ProgressLine progress, int maxTokens, long seed)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        while (!root.process().interruption().isRequested() && !spec.commandLine().getOut().checkError()) {
            Optional<String> line = lines.next();
            if (line.isEmpty()) {
                return;
            }
            Optional<ChatWord> word = ChatWord.of(line.get());
            if (word.isPresent()) {
                switch (word.get()) {
                    case EXIT -> {
                        return;
                    }
                    case CLEAR -> conversation.clear();
                    case HELP -> err.print(ChatWord.help());
                    case UNKNOWN -> err.println(ChatWord.unknown(line.get()));
                }
                err.flush();
                continue;
            }
            if (line.get().isBlank()) {
                continue;
            }
            try (var _ = root.process().interruption().stopsByItself()) {
                stopAnswer.set(false);
                Generation.Report report = conversation.say(line.get(), maxTokens, this::isStopped, piece -> {
                    progress.close();
                    out.print(piece);
                    out.flush();
                });
                progress.close();
                out.println();
                out.flush();
                if (!verbosity.isQuiet()) {
                    var figures = new Figures(report, conversation.stats(), seed);
                    if (VerbosityFlags.isVerbose(spec)) {
                        figures.print(err);
                    } else {
                        figures.printLine(err);
                    }
                }
            } catch (ContextLengthException e) {
                err.println(Sentences.of(e));
            }
        }
    }

    private boolean isStopped() {
        return stopAnswer.get() || root.process().interruption().isRequested()
                || spec.commandLine().getOut().checkError();
    }
}
