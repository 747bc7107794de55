package dev.kvasir.runner.command;

import dev.kvasir.runner.command.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Does what docs/write-your-own-policy.md says, with the very words of the page. */
class WriteYourOwnPolicyTest {
    private static final Path PAGE = Path.of("..", "docs", "write-your-own-policy.md");

    @TempDir
    private Path folder;

    private static String find(String text, String regex) {
        Matcher found = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
        assertThat(found.find()).as(regex).isTrue();
        return found.group(1);
    }

    /** Compiles the page's class and packs it as the page's commands do. */
    private Path jarOfThePage() throws IOException {
        String page = Files.readString(PAGE);
        String source = find(page, "```java\n(.*?)```");
        assertThat(source.lines().filter(line -> !line.isBlank()).count()).isLessThan(45);
        String service = find(page, "echo my\\.ThinningPolicy > classes/(META-INF/services/[\\w.]+PagePolicy)\n");
        return PolicyJar.in(folder)
                .source("ThinningPolicy", source)
                .service(service, "my.ThinningPolicy")
                .pack("thinning.jar");
    }

    @Test
    void thePolicyOfThePageIsListedAndRuns() throws Exception {
        String jar = jarOfThePage().toString();

        Outcome listed = new Cli().run("policies", "--policy-path", jar, "thinning");
        assertThat(listed.code()).as(listed.err()).isZero();
        assertThat(listed.out()).startsWith("thinning: the past stays, the further back the fewer pages of it");

        Outcome run = new Cli().run("run", "-m", Cli.STORIES.toString(), "--policy-path", jar, "--kv", "thinning",
                "--budget", "128", "--page-size", "8", "-p", "Once upon a time", "-n", "300", "--temp", "0");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).hasSizeGreaterThan(500);
        assertThat(run.err()).contains("evicted");
    }

    @Test
    void thePolicyIsForgottenWithItsCommandLine() throws Exception {
        String jar = jarOfThePage().toString();

        assertThat(new Cli().run("policies", "--policy-path", jar).out()).contains("thinning");
        assertThat(new Cli().run("policies").out()).doesNotContain("thinning");
    }
}
