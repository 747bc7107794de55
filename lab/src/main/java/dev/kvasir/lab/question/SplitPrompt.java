package dev.kvasir.lab.question;

import dev.kvasir.model.FailureException;
import dev.kvasir.model.chat.ChatTemplate;
import dev.kvasir.model.chat.ChatTemplate.GenerationPrompt;
import dev.kvasir.model.chat.Message;
import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.MarkedText;
import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.TokenSplit;
import dev.kvasir.model.tokenizer.Tokenizer;
import dev.kvasir.model.tokenizer.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A prompt in two parts.
 *
 * @param context the text to read at once
 * @param question the question about it, read token by token
 */
public record SplitPrompt(String context, String question) {

    /** Both parts as tokens. */
    public record Tokens(int[] context, int[] question) {
        static Tokens of(TokenSplit parts) {
            return new Tokens(parts.before(), parts.after());
        }

        /** The number of tokens. */
        public int count() {
            return context.length + question.length;
        }

        /**
         * These tokens if there are at most {@code limit}; otherwise without the middle of the context, as LongBench
         * shortens prompts.
         *
         * @throws IllegalArgumentException if the question alone has too many
         */
        public Tokens withoutMiddle(int limit) {
            int room = limit - question.length;
            if (room < 2) {
                throw new IllegalArgumentException(
                        "%d tokens are too few for the question, which takes %d: raise --length".formatted(limit,
                                question.length));
            }
            if (context.length <= room) {
                return this;
            }
            int first = room / 2;
            int last = room - first;
            int[] ends = Arrays.copyOf(context, room);
            System.arraycopy(context, context.length - last, ends, first, last);
            return new Tokens(ends, question);
        }
    }

    /** The plain text, after the token that begins a text. */
    public Tokens words(Tokenizer tokenizer) {
        return Tokens.of(TokenSplit.of(tokenizer, context, question,
                new EncodeOptions(EncodeOptions.Edges.AS_MODEL, EncodeOptions.Controls.PLAIN)));
    }

    /** The question alone, to go on from an answer. */
    public int[] questionAfterAnswer(Tokenizer tokenizer) {
        return tokenizer.encode(question, new EncodeOptions(EncodeOptions.Edges.CONTINUED,
                EncodeOptions.Controls.PLAIN));
    }

    /**
     * The text as a user's message, in the format of the model's chat template.
     *
     * @throws FailureException if the model has no chat template
     */
    public Tokens message(GgufFile model, Tokenizer tokenizer) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        MarkedText rendered = template(model).prompt(List.of(Message.user(context + question)), GenerationPrompt.ADDED,
                text(vocabulary, vocabulary.special().bos()), text(vocabulary, vocabulary.special().eos()), Map.of());
        int start = rendered.text().indexOf(context.strip());
        if (start < 0) {
            throw new FailureException("the chat template changes the text of a message: leave --chat out");
        }
        int end = start + context.strip().length();
        return Tokens.of(TokenSplit.of(tokenizer, rendered, end, EncodeOptions.RENDERED));
    }

    private static ChatTemplate template(GgufFile model) {
        try {
            return ChatTemplate.from(model)
                    .orElseThrow(() -> new FailureException(
                            "%s has no chat template: leave --chat out".formatted(model.path().getFileName())));
        } catch (GgufException e) {
            throw new FailureException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String text(Vocabulary vocabulary, int token) {
        return token == SpecialIds.NONE ? "" : vocabulary.tokens().get(token);
    }
}
