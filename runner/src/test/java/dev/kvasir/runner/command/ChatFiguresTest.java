package dev.kvasir.runner.command;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChatFiguresTest {
    @Test
    void afterClearTheFiguresAreThoseOfTheNewSession() {
        String line = "Once upon a time there was a little girl. ".repeat(6) + "\n";
        String err = new Cli().withStdin(line + "/clear\n" + line)
                .run("chat", "-m", Cli.STORIES.toString(), "-n", "2", "--temp", "0", "--page-size", "8")
                .err();

        assertThat(Pattern.compile("pages (\\d+) filled").matcher(err).results().map(MatchResult::group))
                .hasSize(2)
                .allMatch(pages -> !pages.equals("pages 0 filled"))
                .containsOnly(
                        Pattern.compile("pages \\d+ filled").matcher(err).results().findFirst().orElseThrow().group());
    }
}
