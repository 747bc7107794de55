package dev.kvasir.model.chat.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TemplateTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-26T09:05:03Z"), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Templates with the text that Jinja2 3.1.6 gives in the environment of Hugging Face's transformers, or an error. */
    private static final List<JsonNode> REFERENCES = List.of(read("jinja.json"), read("jinja-cases.json"));

    private static JsonNode read(String name) {
        try (var in = TemplateTest.class.getResourceAsStream("/chat/" + name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Stream<Arguments> cases(String outcome) {
        return REFERENCES.stream()
                .flatMap(file -> StreamSupport.stream(file.get("cases").spliterator(), false)
                        .filter(c -> c.has(outcome))
                        .map(c -> Arguments.of(c.get("template").asText(), c.get(outcome).asText(),
                                file.get("variables"))));
    }

    static Stream<Arguments> rendered() {
        return cases("text");
    }

    static Stream<Arguments> refused() {
        return cases("error");
    }

    private static String render(String template) {
        return render(template, REFERENCES.getFirst().get("variables"));
    }

    private static String render(String template, JsonNode given) {
        Map<String, Object> variables = JSON.convertValue(given,
                new com.fasterxml.jackson.core.type.TypeReference<LinkedHashMap<String, Object>>() {
                });
        variables.putIfAbsent("bos_token", "<s>");
        variables.putIfAbsent("eos_token", "</s>");
        variables.putIfAbsent("add_generation_prompt", true);
        return Template.parse(template).render(variables, CLOCK).text();
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void rendersAsJinjaDoes(String template, String text, JsonNode variables) {
        assertThat(render(template, variables)).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatJinjaRefusesAndNamesTheLine(String template, String error, JsonNode variables) {
        assertThatThrownBy(() -> render("\n" + template, variables)).isInstanceOfSatisfying(JinjaException.class,
                e -> assertThat(e.line()).isEqualTo(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{% set x = 'ab' %}{% for i in range(99999) %}{% set x = x * 2 %}{% endfor %}",
        "{% set n = namespace(x='ab') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
        "{% set n = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }}",
        "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x|tojson }}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "{{ range(10**12) }}",
        "{{ 'a' * 10**15 }}", "{{ ('a' * 10**6).replace('a', 'a' * 10**6) }}",
        "{{ ([1] * 10**6)|join('a' * 10**6) }}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ 9**99 }}",
        "{{ ('x\n' * 10**6)|indent('y' * 10**6) }}", "{{ [1]|map('tojson', indent=10**9) | list * 10**9 }}"})
    void aHostileTemplateEndsInASentence(String template) {
        var repeated = template.startsWith("{% set x")
                ? template.replace("set x = x", "set y = x") + "{{ x * 10**9 }}"
                : template;
        assertThatThrownBy(() -> render(repeated)).isInstanceOf(JinjaException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{1:", "not ", "-", "x if ", "f(", "x["})
    void deepNestingEndsInASentence(String opening) {
        assertThatThrownBy(() -> render("{{ " + opening.repeat(100_000) + "1")).isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> render("{{ " + "1+".repeat(100_000) + "1 }}")).isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> render("{% if t %}".repeat(100_000))).isInstanceOf(JinjaException.class);
    }

    @Test
    void whatTheTemplateRaisesIsToldApart() {
        assertThatThrownBy(() -> render("{{ raise_exception('No ' ~ s) }}"))
                .isInstanceOfSatisfying(JinjaException.class, e -> {
                    assertThat(e.isRaised()).isTrue();
                    assertThat(e).hasMessage("No Hello World");
                });
    }
}
