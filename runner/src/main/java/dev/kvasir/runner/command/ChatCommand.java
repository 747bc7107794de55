package dev.kvasir.runner.command;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.Chat;
import dev.kvasir.model.ChatListener;
import dev.kvasir.model.ChatOptions;
import dev.kvasir.model.ContextLengthException;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.chat.ChatTemplate;
import dev.kvasir.model.chat.ChatTemplate.GenerationPrompt;
import dev.kvasir.model.chat.ChatTemplateException;
import dev.kvasir.model.chat.Message;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.SamplerOptions;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    @Option(names = "--session", paramLabel = "FILE", description = "goes on with the conversation of this file if it is there, and saves it there at the end")
    private @Nullable Path sessionFile;
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
            ChatListener listener = new ChatListener() {
                @Override
                public void begins() {
                    trace.begin("chat", open, cacheOptions, size, samplerOptions.seed());
                }

                @Override
                public CacheEvents events() {
                    return trace.events();
                }

                @Override
                public void tokens(int position, int... ids) {
                    trace.log().tokens(position, ids);
                }
            };
            var options = new ChatOptions(systemPrompt, size, maxTokens, samplerOptions, List.of(), cacheOptions,
                    listener);
            var session = new ChatSession(Optional.ofNullable(sessionFile), spec.commandLine().getErr(),
                    verbosity.isQuiet());
            try (Chat chat = session.open(open, options);
                    Lines lines = Lines.of(process, spec.commandLine().getErr()::println);
                    var _ = session.onExit(chat)) {
                lines.onInterrupt(chat::cancel);
                try {
                    talk(chat, template, lines, progress, session);
                } catch (ChatTemplateException e) {
                    session.end(chat); // it is as it was before the rejected message
                    throw e;
                }
                session.end(chat);
            }
        }
        return 0;
    }

    private void talk(Chat chat, Optional<ChatTemplate> template, Lines lines, ProgressLine progress,
            ChatSession session) throws IOException {
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
                    case CLEAR -> chat.clear();
                    case SAVE, LOAD -> session.run(word.get(), line.get(), chat);
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
                Chat.Answer answer = chat.say(line.get(), piece -> {
                    progress.close();
                    out.print(piece);
                    out.flush();
                    if (isStopped()) {
                        chat.cancel();
                    }
                });
                progress.close();
                out.println();
                out.flush();
                if (!verbosity.isQuiet()) {
                    var figures = new Figures(answer.report(), chat.stats(), chat.seed());
                    if (VerbosityFlags.isVerbose(spec)) {
                        figures.print(err);
                    } else {
                        figures.printLine(err);
                    }
                }
            } catch (ContextLengthException e) {
                err.println(Sentences.of(e));
            } catch (ChatTemplateException e) {
                throw refused(e, template, line.get());
            }
        }
    }

    /** The template's own words, and the way on if the template only refuses the system prompt. */
    private ChatTemplateException refused(ChatTemplateException e, Optional<ChatTemplate> template, String line) {
        if (systemPrompt.isEmpty() || template.isEmpty()) {
            return e;
        }
        try {
            template.get().render(List.of(Message.user(line)), GenerationPrompt.ADDED, "", "", Map.of());
        } catch (ChatTemplateException _) {
            return e; // it refuses the user's message, too
        }
        return new ChatTemplateException(e.getMessage() + " It takes no system prompt: leave out -sp.");
    }

    private boolean isStopped() {
        return root.process().interruption().isRequested()
                || spec.commandLine().getOut().checkError();
    }
}
