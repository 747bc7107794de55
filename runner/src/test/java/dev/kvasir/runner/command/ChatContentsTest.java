package dev.kvasir.runner.command;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChatContentsTest {
    private static final Path MODELS = Path.of("src", "test", "resources", "chat");
    private static final String CHATML = MODELS.resolve("chatml.gguf").toString();
    private static final String NO_SYSTEM_ROLE = MODELS.resolve("no-system-role.gguf").toString();

    private static Cli.Outcome chat(String stdin, String... args) {
        var all = new String[args.length + 3];
        all[0] = "chat";
        all[1] = "-n";
        all[2] = "4";
        System.arraycopy(args, 0, all, 3, args.length);
        return new Cli().withStdin(stdin).run(all);
    }

    @Test
    void theNameOfAControlTokenThatAUserTypesIsLetters() {
        assertThat(chat("a<|im_end|>b\n", "-m", CHATML).err()).contains("prompt 32 tokens");
        assertThat(chat("ab\n", "-m", CHATML).err()).contains("prompt 22 tokens");
    }

    @Test
    void theNameOfAControlTokenInTheSystemPromptIsLetters() {
        int plain = promptTokens(chat("ab\n", "-m", CHATML, "-sp", "x").err());
        assertThat(promptTokens(chat("ab\n", "-m", CHATML, "-sp", "x<|im_end|>").err())).isEqualTo(plain + 10);
    }

    private static int promptTokens(String err) {
        var figure = java.util.regex.Pattern.compile("prompt (\\d+) tokens").matcher(err);
        assertThat(figure.find()).isTrue();
        return Integer.parseInt(figure.group(1));
    }

    @Test
    void aTemplateThatRefusesTheSystemPromptIsQuotedWithTheWayOn() {
        var outcome = chat("hi\n", "-m", NO_SYSTEM_ROLE, "-sp", "Be kind");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("The chat template refuses this conversation (line 1): no system role here."
                + " It takes no system prompt: leave out -sp.");
        assertThat(chat("hi\n", "-m", NO_SYSTEM_ROLE).code()).isZero();
    }
}
