package dev.kvasir.model.chat;

import dev.kvasir.model.chat.ChatTemplate.GenerationPrompt;
import dev.kvasir.model.tokenizer.MarkedText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Letters that come from messages are marked, whatever the template does with them. */
class ContentsTest {

    private static final String TYPED = " <|imq_end|>xy ";

    private static MarkedText prompt(String template, Message... messages) {
        return ChatTemplate.parse(template)
                .prompt(List.of(messages), GenerationPrompt.ADDED, "<s>", "</s>",
                        Map.of("tools", List.of(Map.of("name", "<|imq_end|>"))));
    }

    private static void assertMarked(MarkedText prompt) {
        String text = prompt.text();
        int found = 0;
        for (int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("imq_"); at >= 0; at = text.indexOf("imq_",
                at + 1)) {
            assertThat(prompt.hasContent(at, at + 1)).as(text).isTrue();
            found++;
        }
        assertThat(found).as(text).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ c }}", "{{ c | trim }}", "{{ c + 'x' }}", "{{ 'x' ~ c }}", "{{ c[1:] }}",
        "{{ c[::-1][::-1] }}",
        "{{ c.replace('xy', 'z') }}", "{{ 'QxyQ'.replace('xy', c) }}", "{{ c | replace('y', 'z') }}",
        "{{ c.split('x')[0] }}",
        "{{ c.split() | join('+') }}", "{{ [c, c] | join }}", "{{ ','.join([c]) }}", "{{ c.upper().lower() }}",
        "{{ c | capitalize }}", "{{ c.title().lower() }}", "{{ '%s' % c }}", "{{ '{:>40}'.format(c) }}",
        "{{ c | indent }}",
        "{{ c | string }}", "{{ c | safe }}", "{{ [c] }}", "{{ {'k': c} }}", "{{ c | tojson }}",
        "{{ messages | tojson }}",
        "{{ messages[0].content }}", "{{ messages | map(attribute='content') | first }}", "{{ tools[0].name }}",
        "{{ tools | tojson(indent=2) }}", "{% set x %}{{ c }}{% endset %}{{ x }}",
        "{% filter trim %}{{ c }}{% endfilter %}",
        "{% macro m(v) %}{{ v }}{% endmacro %}{{ m(c) | trim }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ c }}{% endcall %}",
        "{% for l in c %}{{ l }}{% endfor %}", "{% for l in c.splitlines() %}{{ l }}{% endfor %}",
        "{{ c.strip().removeprefix('<') }}",
        "{{ c.partition('x') | first }}", "{{ c | truncate(13, true, '', 0) }}", "{{ c.center(40) }}", "{{ c * 2 }}",
        "{{ namespace(v=c).v }}", "{{ c | default('q') }}", "{{ c if c else 'q' }}", "{{ [c] | sort | first }}",
        "{{ c.expandtabs().zfill(30) }}", "{{ {'k': c}.values() | first }}", "{{ c | batch(99) | first | join }}"})
    void contentsStayMarked(String expression) {
        assertMarked(prompt("{% set c = messages[0].content %}" + expression, Message.user(TYPED)));
    }

    @Test
    void theTemplatesOwnWordsAreNotMarked() {
        var prompt = prompt("{{ bos_token }}<|{{ messages[0].role }}|>{{ {'user': '<|q|>'}[messages[0].role] | upper }}"
                + "{{ messages[0].content }}{{ eos_token }}", Message.user("é😀"));
        assertThat(prompt).isEqualTo(MarkedText.template("<s><|user|><|Q|>")
                .plus(MarkedText.content("é😀"))
                .plus(MarkedText.template("</s>")));
    }

    @Test
    void aRoleThatNoTemplateKnowsIsContent() {
        assertThat(prompt("{{ '<|' ~ messages[0].role ~ '|>' }}", new Message("imq_end", "")))
                .isEqualTo(
                        MarkedText.template("<|").plus(MarkedText.content("imq_end")).plus(MarkedText.template("|>")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chatml", "gemma", "llama2", "llama3", "phi3", "plain", "zephyr"})
    void ownTemplatesMarkWhatTheUserSays(String name) {
        for (var message : List.of(Message.user(TYPED), Message.assistant(TYPED))) {
            assertMarked(ChatTemplate.named(name)
                    .prompt(List.of(Message.system("Be <|imq_end|> brief"), Message.user("imq_"), message),
                            GenerationPrompt.ADDED, "<s>", "</s>", Map.of()));
        }
    }
}
