package dev.kvasir.launch;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TypedArgumentsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "né 😀 中", "a&b=c%20+d", "\n\t", "@@ -1 +1 @@"})
    void argumentsPassThroughPropertiesUnchanged(String word) {
        List<String> args = List.of("run", word, "", word.repeat(20_000));
        List<String> options = TypedArguments.properties(args);

        assertThat(options).allMatch(option -> option.length() < 128 * 1024 && option.chars().allMatch(c -> c < 128));
        options.forEach(option -> System.setProperty(option.substring(2, option.indexOf('=')),
                option.substring(option.indexOf('=') + 1)));
        try {
            assertThat(TypedArguments.received(new String[0])).containsExactlyElementsOf(args);
        } finally {
            options.forEach(option -> System.clearProperty(option.substring(2, option.indexOf('='))));
        }
    }

    @Test
    void withoutPropertiesTheArgumentsAreThoseOfTheCommandLine() {
        assertThat(TypedArguments.received(new String[]{"a", "b"})).containsExactly("a", "b");
    }

    @Test
    void bytesAreReadAsUtf8WhateverTheLocaleMadeOfThem() {
        assertThat(TypedArguments.text("mödel".getBytes(StandardCharsets.UTF_8), "m\uFFFD\uFFFDdel", 1))
                .isEqualTo("mödel");
        assertThat(TypedArguments.text("mödel".getBytes(StandardCharsets.ISO_8859_1), "mödel", 1)).isEqualTo("mödel");
    }

    @Test
    void whatIsLostIsRefusedWithAWayOn() {
        assertThatThrownBy(() -> TypedArguments.text("né".getBytes(StandardCharsets.ISO_8859_1), "n\uFFFD", 3))
                .hasMessageContaining("argument 3")
                .hasMessageContaining("is not UTF-8")
                .hasMessageContaining("-f FILE");
    }
}
