package dev.kvasir.model.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.model.chat.ChatTemplate.GenerationPrompt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChatTemplateTest {

    private static final JsonNode REFERENCE = json();

    private static String resource(String name) {
        try (var in = ChatTemplateTest.class.getResourceAsStream("/chat/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json() {
        try {
            return new ObjectMapper().readTree(resource("expected.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> references() {
        var arguments = new ArrayList<Arguments>();
        REFERENCE.get("rendered")
                .properties()
                .forEach(template -> template.getValue()
                        .properties()
                        .forEach(
                                one -> arguments
                                        .add(Arguments.of(template.getKey(), one.getKey(), one.getValue().asText()))));
        return arguments.stream();
    }

    private static List<Message> conversation(String name) {
        var messages = new ArrayList<Message>();
        REFERENCE.get("conversations")
                .get(name)
                .forEach(m -> messages.add(new Message(m.get("role").asText(), m.get("content").asText())));
        return messages;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("references")
    void rendersAsTheReferenceDoes(String template, String which, String expected) {
        var name = which.substring(0, which.indexOf('|'));
        var end = which.endsWith("True") ? GenerationPrompt.ADDED : GenerationPrompt.NONE;
        assertThat(ChatTemplate.parse(resource(template))
                .render(conversation(name), end,
                        REFERENCE.get("bos_token").asText(), REFERENCE.get("eos_token").asText(), Map.of()))
                .isEqualTo(expected);
    }

    @Test
    void whatATemplateRefusesIsTold() {
        var template = ChatTemplate.parse(resource("mistralai-Mistral-Nemo-Instruct-2407.jinja"));
        assertThatThrownBy(() -> template.render(List.of(Message.user("a"), Message.user("b")),
                GenerationPrompt.ADDED, "<s>", "</s>", Map.of())).isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("refuses this conversation (line 18)")
                .hasMessageContaining("must alternate");
    }

    @Test
    void aTemplateThatIsNotUnderstoodIsToldWithItsLine() {
        assertThatThrownBy(() -> ChatTemplate.parse("a\n{% include 'x' %}"))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessage("The chat template cannot be read (line 2): the statement 'include' is not supported.");
    }
}
