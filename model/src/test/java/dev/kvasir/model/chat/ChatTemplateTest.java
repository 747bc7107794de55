package dev.kvasir.model.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.model.chat.ChatTemplate.GenerationPrompt;
import dev.kvasir.model.gguf.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
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

    private static final List<Message> TALK = List.of(Message.system("Be brief."), Message.user("Hi"),
            Message.assistant("Yo"), Message.user("Bye"));

    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '`', value = {
        "chatml, `<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nYo<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n`",
        "gemma, `<s><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\nYo<end_of_turn>\n<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n`",
        "llama2, `<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Yo </s><s>[INST] Bye [/INST]`",
        "llama3, `<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nYo<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n`",
        "phi3, `<|system|>\nBe brief.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\nYo<|end|>\n<|user|>\nBye<|end|>\n<|assistant|>\n`",
        "zephyr, `<|system|>\nBe brief.</s>\n<|user|>\nHi</s>\n<|assistant|>\nYo</s>\n<|user|>\nBye</s>\n<|assistant|>\n`",
        "plain, `<s>Be brief.\n\nUser: Hi\nAssistant: Yo\nUser: Bye\nAssistant:`"})
    void aNamedTemplateWritesItsFamilysTurns(String name, String expected) {
        assertThat(ChatTemplate.named(name).render(TALK, GenerationPrompt.ADDED, "<s>", "</s>", Map.of()))
                .isEqualTo(expected);
    }

    @Test
    void anUnknownNameIsToldWithThoseThereAre() {
        assertThatThrownBy(() -> ChatTemplate.named("klingon")).isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("'klingon'")
                .hasMessageContaining("chatml, gemma, llama2");
    }

    @Test
    void aFileThatOnlyContinuesTextHasNoTemplate() throws Exception {
        try (var file = GgufFile.open(Path.of(
                ChatTemplateTest.class.getResource("/vocab/ggml-vocab-gpt-2.gguf").toURI()))) {
            assertThat(ChatTemplate.from(file)).isEmpty();
        }
    }

    @Test
    void aMessageThatOnlyCallsToolsHasNoContent() {
        var call = new Message("assistant", "", Map.of("tool_calls", List.of(Map.of("name", "f"))));
        assertThat(ChatTemplate
                .parse("{% for m in messages %}{{ m.content is none }}{{ m.tool_calls[0].name }}{% endfor %}")
                .render(List.of(call), GenerationPrompt.NONE, "", "", Map.of())).isEqualTo("Truef");
    }
}
