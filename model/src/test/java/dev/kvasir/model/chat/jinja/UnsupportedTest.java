package dev.kvasir.model.chat.jinja;

import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What Jinja2 renders and Kvasir does not is refused by a sentence that names it, with its line. */
class UnsupportedTest {

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "{% block x %}a{% endblock %} ! the statement 'block' is not supported",
        "{% autoescape true %}a{% endautoescape %} ! the statement 'autoescape' is not supported",
        "{{ 'a' | random }} ! the filter 'random' is not supported",
        "{{ 'a' | urlize }} ! the filter 'urlize' is not supported",
        "{{ 'a' | wordwrap }} ! the filter 'wordwrap' is not supported",
        "{{ 'a' is nothing }} ! the test 'nothing' is not supported",
        "{{ 'a'.encode() }} ! the method 'encode' of a string is not supported",
        "{{ 'a'.translate({}) }} ! the method 'translate' of a string is not supported",
        "{{ [1].append(2) }} ! access to the attribute 'append' of a list is unsafe",
        "{{ lipsum() }} ! the function 'lipsum' is not supported: its text is random",
        "{{ [1] | map('string') }} ! a generator has no text: its text in Python is an address",
        "{{ 'a'.upper }} ! a function has no text: its text in Python is an address",
        "{{ (-8) ** 0.5 }} ! complex numbers are not supported",
        "{{ 2 ** 64 }} ! the integers in 2 ** 64 leave 64 bits",
        "{{ strftime_now('%Q') }} ! the date field %Q is not supported",
        "{{ 'ǰ'.casefold() }} ! casefold of ǰ is not supported"})
    void isNamed(String template, String message) {
        assertThatThrownBy(() -> Template.parse("\n" + template).render(Map.of(), Clock.systemUTC()))
                .isInstanceOfSatisfying(JinjaException.class, e -> org.assertj.core.api.Assertions.assertThat(e.line())
                        .isEqualTo(2))
                .hasMessage(message);
    }
}
