package dev.kvasir.model.chat;

import dev.kvasir.model.chat.jinja.JinjaException;
import dev.kvasir.model.chat.jinja.Template;
import dev.kvasir.model.gguf.GgufException;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.tokenizer.MarkedText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a conversation into a prompt in the format of the model's training, with the model's Jinja template. Immutable
 * and safe to share between threads.
 */
public final class ChatTemplate {

    /** The end of a rendered conversation. */
    public enum GenerationPrompt {
        /** Ends with the text that opens the assistant's turn. */
        ADDED,
        /** Ends with the last message. */
        NONE
    }

    /** The roles that templates write into the names of control tokens; other roles are contents. */
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "model",
            "function", "ipython", "observation");

    private final String source;
    private final Template template;
    private final Clock clock;

    private ChatTemplate(String source, Template template, Clock clock) {
        this.source = source;
        this.template = template;
        this.clock = clock;
    }

    /**
     * Parses the Jinja source of a template, {@code tokenizer.chat_template} in a GGUF file.
     *
     * @throws ChatTemplateException if the source cannot be parsed; the message has the line
     */
    public static ChatTemplate parse(String source) {
        try {
            return new ChatTemplate(source, Template.parse(source), Clock.systemDefaultZone());
        } catch (JinjaException e) {
            throw explained("The chat template cannot be read", e);
        }
    }

    /**
     * The template of a model file: its own, or else the template of its family (ChatML, Llama 3, Gemma), which its
     * control tokens identify. Empty for other files, whose models only continue text; for those {@code named("plain")}
     * writes a transcript.
     *
     * @throws GgufException if the key is of another type
     * @throws ChatTemplateException if the file's template cannot be parsed
     */
    public static Optional<ChatTemplate> from(GgufFile file) throws GgufException {
        var own = file.metadata().optString("tokenizer.chat_template");
        if (own.isPresent()) {
            return own.map(ChatTemplate::parse);
        }
        var tokens = file.metadata().optStrings("tokenizer.ggml.tokens").orElse(List.of());
        return KnownTemplates.byTokens(tokens).map(ChatTemplate::parse);
    }

    /**
     * One of Kvasir's own templates: {@code chatml}, {@code gemma}, {@code llama2}, {@code llama3}, {@code phi3},
     * {@code plain} or {@code zephyr}.
     *
     * @throws ChatTemplateException if there is none of this name
     */
    public static ChatTemplate named(String name) {
        return parse(KnownTemplates.named(name));
    }

    /** The Jinja source. */
    public String source() {
        return source;
    }

    /** The same template with another clock for {@code strftime_now}. */
    public ChatTemplate withClock(Clock other) {
        return new ChatTemplate(source, template, other);
    }

    /** The text of {@link #prompt}, without its marks. */
    public String render(List<Message> messages, GenerationPrompt end, String bos, String eos,
            Map<String, ? extends @Nullable Object> variables) {
        return prompt(messages, end, bos, eos, variables).text();
    }

    /**
     * The prompt of a conversation. What comes from the messages and the variables is marked as content, so that a
     * tokenizer reads the names of control tokens in it as letters.
     *
     * @param messages the conversation, oldest first
     * @param end whether the assistant's turn is opened at the end
     * @param bos the text of the token that begins a sequence; empty if there is none
     * @param eos the text of the token that ends a sequence; empty if there is none
     * @param variables further variables for the template, such as {@code tools} or {@code enable_thinking}; {@code tools}
     *            and {@code documents} are none unless given
     * @throws ChatTemplateException if the template rejects the conversation or exceeds a limit
     */
    public MarkedText prompt(List<Message> messages, GenerationPrompt end, String bos, String eos,
            Map<String, ? extends @Nullable Object> variables) {
        var names = new HashMap<String, @Nullable Object>();
        names.put("tools", null);
        names.put("documents", null);
        names.putAll(variables);
        var conversation = new ArrayList<Object>();
        messages.forEach(message -> conversation.add(fields(message)));
        names.put("messages", conversation);
        names.put("add_generation_prompt", end == GenerationPrompt.ADDED);
        names.put("bos_token", Template.ownWords(bos));
        names.put("eos_token", Template.ownWords(eos));
        try {
            return template.render(names, clock);
        } catch (JinjaException e) {
            throw explained(e.isRaised()
                    ? "The chat template refuses this conversation"
                    : "The chat template cannot be rendered", e);
        }
    }

    /** The fields of a message for the template. A message that only calls tools has no content. */
    private static Map<String, @Nullable Object> fields(Message message) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        var role = message.role();
        fields.put("role", ROLES.contains(role) ? Template.ownWords(role) : role);
        boolean onlyCalls = message.content().isEmpty() && message.extra().containsKey("tool_calls");
        if (onlyCalls) {
            fields.put("content", null);
        } else {
            fields.put("content", message.content());
        }
        fields.putAll(message.extra());
        return fields;
    }

    private static ChatTemplateException explained(String what, JinjaException e) {
        var line = e.line() == JinjaException.NO_LINE ? "" : " (line " + e.line() + ")";
        var problem = String.valueOf(e.getMessage());
        return new ChatTemplateException(what + line + ": " + problem + (problem.matches("(?s).*[.!?]") ? "" : "."));
    }
}
