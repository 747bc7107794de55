package dev.kvasir.model;

import dev.kvasir.model.chat.ChatTemplate;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.TokenSplit;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

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
            return new FailureException(file + " has no tokenizer: only `info` and `bench` work without one");
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
     * The model's chat template, if it has one.
     *
     * @throws GgufException if the file's entry is not text
     * @throws dev.kvasir.model.chat.ChatTemplateException if the template cannot be parsed
     */
    public Optional<ChatTemplate> chatTemplate() throws GgufException {
        return model.file().metadata().optString("tokenizer.chat_template").map(ChatTemplate::parse);
    }

    @Override
    public void close() {
        model.close();
    }
}
