package dev.kvasir.model;

import dev.kvasir.model.chat.ChatTemplate;
import dev.kvasir.model.config.ModelException;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.StreamingDecoder;
import dev.kvasir.model.tokenizer.TokenSplit;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A loaded model with its file and its tokenizer, so that it can read and write text. */
public record OpenModel(Path file, Model model, Tokenizer tokenizer) implements AutoCloseable {

    /**
     * Loads a model.
     *
     * @throws FailureException if the file has no tokenizer
     */
    public static OpenModel open(Path file, EngineOptions options) {
        Model model = Model.load(file, options);
        return new OpenModel(file, model, model.tokenizer().orElseThrow(() -> {
            model.close();
            return new FailureException(file + " has no tokenizer, so that it can neither read nor write text");
        }));
    }

    /**
     * The tokens of a whole prompt. An empty prompt gives the token that begins a text.
     *
     * @throws FailureException if the prompt is empty and there is no such token
     */
    public int[] promptTokens(String text) {
        return promptTokens(text, "").before();
    }

    /**
     * The tokens of a prompt and of the text after it, which is read as a second part. Together they are those of the
     * whole text.
     *
     * @throws FailureException if both are empty and there is no token that begins a text
     */
    public TokenSplit promptTokens(String text, String question) {
        TokenSplit tokens = TokenSplit.of(tokenizer, text, question, EncodeOptions.PROMPT);
        if (tokens.before().length > 0) {
            return tokens;
        }
        int bos = tokenizer.vocabulary().special().bos();
        if (bos == SpecialIds.NONE) {
            throw new FailureException("this model has no token that begins a text: give a prompt that is not empty");
        }
        return new TokenSplit(new int[]{bos}, new int[0]);
    }

    /**
     * Reads more of a text into a session and continues it: as a whole prompt if the session is empty, and otherwise
     * without the token that begins a text. So several calls on one session write one text.
     *
     * @param sink receives the continuation piece by piece, in this thread
     * @throws ContextLengthException if the text does not fit
     * @throws IllegalStateException if another thread uses the session, or it or its model is closed
     */
    public Generation.Report write(Session session, Sampler sampler, String text, int maxTokens,
            Consumer<String> sink) {
        int[] tokens = session.position() == 0 ? promptTokens(text) : tokenizer.encodeMore(text);
        StreamingDecoder decoder = tokenizer
                .decoder(text.isEmpty() && session.position() == 0 ? DecodeOptions.TEXT : DecodeOptions.CONTINUATION);
        Generation.Report report = new Generation(session, sampler, tokenizer::isEndOfGeneration, () -> false)
                .run(tokens, maxTokens, token -> sink.accept(decoder.next(token)));
        sink.accept(decoder.end());
        return report;
    }

    /**
     * Begins a conversation.
     *
     * @throws dev.kvasir.model.chat.ChatTemplateException if the model's chat template cannot be parsed
     * @throws dev.kvasir.kvcache.plan.KvMemoryException if the cache does not get the memory that it needs
     */
    public Chat chat(ChatOptions options) {
        return new Chat(this, options);
    }

    /**
     * Continues a conversation that {@link Chat#save} has written to a file.
     *
     * @param options the same context, cache and, if it is not empty, system prompt as when it was saved
     * @throws FailureException if the file is cut or has changed, is of another model or of other options, or holds no
     *             conversation
     * @throws IOException if it cannot be read
     */
    public Chat restoreChat(Path path, ChatOptions options) throws IOException {
        return Chat.restored(this, options, path);
    }

    /**
     * The model's chat template, if it has one.
     *
     * @throws dev.kvasir.model.config.ModelException if the file's entry is not text
     * @throws dev.kvasir.model.chat.ChatTemplateException if the template cannot be parsed
     */
    public Optional<ChatTemplate> chatTemplate() {
        try {
            return model.file().metadata().optString("tokenizer.chat_template").map(ChatTemplate::parse);
        } catch (GgufException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
