package dev.kvasir.model;

import dev.kvasir.model.chat.ChatTemplate;
import dev.kvasir.model.chat.ChatTemplate.GenerationPrompt;
import dev.kvasir.model.chat.Message;
import dev.kvasir.model.tokenizer.MarkedText;
import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns a conversation into the text that the model continues. */
@FunctionalInterface
interface Script {

    /**
     * The text of the conversation, with the start of the assistant's turn. What people and the model said is marked as
     * content.
     */
    MarkedText textOf(List<Message> messages);

    /** The model's own template, or plain lines if it has none. */
    static Script of(Optional<ChatTemplate> template, Vocabulary vocabulary) {
        if (template.isEmpty()) {
            return Script::plainLines;
        }
        String bos = text(vocabulary, vocabulary.special().bos());
        String eos = text(vocabulary, vocabulary.special().eos());
        return messages -> template.get().prompt(messages, GenerationPrompt.ADDED, bos, eos, Map.of());
    }

    private static MarkedText plainLines(List<Message> messages) {
        return MarkedText.content(messages.stream()
                .map(message -> message.role().equals("assistant")
                        ? message.content()
                        : message.content() + "\n")
                .collect(Collectors.joining()));
    }

    private static String text(Vocabulary vocabulary, int token) {
        return token == SpecialIds.NONE ? "" : vocabulary.tokens().get(token);
    }
}
