package dev.kvasir.model.chat;

import java.util.List;
import java.util.Map;

/** Turns a conversation into the prompt a model was trained on. Immutable and safe to share between threads. */
public final class ChatTemplate {

    /** How a rendered conversation ends. */
    public enum GenerationPrompt {
        /** With the words that open the assistant's turn. */
        ADDED,
        /** With the last message. */
        NONE
    }

    private final String source;

    private ChatTemplate(String source) {
        this.source = source;
    }

    /**
     * The template of a Jinja source, {@code tokenizer.chat_template} in a GGUF file.
     *
     * @throws ChatTemplateException if the source is not understood; the message has the line
     */
    public static ChatTemplate parse(String source) {
        return new ChatTemplate(source);
    }

    /** The Jinja source. */
    public String source() {
        return source;
    }

    /**
     * The prompt of a conversation.
     *
     * @param messages the conversation, oldest first
     * @param end whether the assistant's turn is opened
     * @param bos the text of the token that begins a sequence; empty if there is none
     * @param eos the text of the token that ends a sequence; empty if there is none
     * @param variables what else the template may read, such as {@code tools} or {@code enable_thinking}
     * @throws ChatTemplateException if the template refuses the conversation or breaks a limit
     */
    public String render(
            List<Message> messages, GenerationPrompt end, String bos, String eos, Map<String, Object> variables) {
        throw new UnsupportedOperationException(messages + " " + end + bos + eos + variables);
    }
}
