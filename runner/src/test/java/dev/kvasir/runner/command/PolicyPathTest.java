package dev.kvasir.runner.command;

import dev.kvasir.runner.command.Cli.Outcome;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Policies of users: what loads, and the sentences for what does not. */
class PolicyPathTest {
    private static final String SERVICE = "META-INF/services/dev.kvasir.kvcache.policy.PagePolicy";

    @TempDir
    private Path folder;

    private static String policy(String className, String name, String constructor) {
        return """
                package my;
                public class %s implements dev.kvasir.kvcache.policy.PagePolicy {
                    %s
                    public dev.kvasir.kvcache.policy.PolicyCard card() {
                        return new dev.kvasir.kvcache.policy.PolicyCard("%s", "keeps everything");
                    }
                }
                """.formatted(className, constructor, name);
    }

    private PolicyJar jar(String name, String constructor) throws Exception {
        return PolicyJar.in(folder).source("Mine", policy("Mine", name, constructor)).service(SERVICE, "my.Mine");
    }

    private static String refused(Path... places) {
        String path = String.join(File.pathSeparator, Stream.of(places).map(Path::toString).toList());
        Outcome outcome = new Cli().run("policies", "--policy-path", path);
        assertThat(outcome.code()).isEqualTo(2);
        String sentence = outcome.err().lines().findFirst().orElseThrow();
        String prefix = "Invalid value for option '--policy-path': ";
        assertThat(sentence).startsWith(prefix);
        return sentence.substring(prefix.length());
    }

    @Test
    void foldersAndJarsMayBeMixed() throws Exception {
        var made = jar("mine", "");
        Path helpers = Files.createDirectory(folder.resolve("helpers"));

        for (Path place : new Path[]{made.classes(), made.pack("mine.jar")}) {
            Outcome outcome = new Cli().run("policies", "--policy-path", helpers + File.pathSeparator + place);
            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(outcome.out()).containsPattern("mine +pages +keeps everything");
        }
    }

    @Test
    void aMisspeltPolicyOfOnesOwnIsOfferedToo() throws Exception {
        Outcome outcome = new Cli().run("run", "--policy-path", jar("mine", "").pack("mine.jar").toString(), "--kv",
                "mien", "-m", Cli.STORIES.toString());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("did you mean mine?");
    }

    @Test
    void whatIsNoJarIsRefused() throws Exception {
        assertThat(refused(folder.resolve("none.jar")))
                .isEqualTo(
                        "there is no %s: --policy-path takes jars and folders".formatted(folder.resolve("none.jar")));
        Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar");
        assertThat(refused(broken)).startsWith(broken + " is no jar that can be read (")
                .endsWith("): make it again with `jar --create`");
    }

    @Test
    void aMissingServiceFileIsNamed() throws Exception {
        Path jar = PolicyJar.in(folder).source("Mine", policy("Mine", "mine", "")).pack("mine.jar");

        assertThat(refused(jar)).isEqualTo(jar + " names no policy: write the name of its class into " + SERVICE
                + " or dev.kvasir.kvcache.policy.TokenPolicy in it");
    }

    @Test
    void aClassThatIsNotThereIsNamed() throws Exception {
        Path jar = jar("mine", "").service(SERVICE, "my.Yours").pack("mine.jar");

        assertThat(refused(jar)).isEqualTo("a policy cannot be loaded: Provider my.Yours not found");
    }

    @Test
    void aConstructorThatThrowsIsQuoted() throws Exception {
        Path jar = jar("mine", "public Mine() { throw new IllegalStateException(\"no luck today\"); }")
                .pack("mine.jar");

        assertThat(refused(jar)).isEqualTo("a policy cannot be made: Provider my.Mine could not be instantiated,"
                + " java.lang.IllegalStateException: no luck today");
    }

    @Test
    void aConstructorWithParametersIsRefused() throws Exception {
        Path jar = jar("mine", "public Mine(int number) {}").pack("mine.jar");

        assertThat(refused(jar)).startsWith("a policy cannot be made: my.Mine").contains("no-arg constructor");
    }

    @Test
    void aClassForANewerJavaIsToldHowToBeCompiled() throws Exception {
        var made = jar("mine", "");
        Path file = made.classes().resolve("my/Mine.class");
        byte[] bytes = Files.readAllBytes(file);
        bytes[7] += 2; // the class file's major version
        Files.write(file, bytes);
        int java = Runtime.version().feature();

        assertThat(refused(made.pack("mine.jar")))
                .isEqualTo(
                        "class my.Mine was compiled for Java %d and this is Java %d: compile it with `javac --release %d`"
                                .formatted(java + 2, java, java));
    }

    @Test
    void aLinkErrorIsASentence() throws Exception {
        var made = jar("mine", "private final Other other = new Other(); static class Other {}");
        Files.delete(made.classes().resolve("my/Mine$Other.class"));

        assertThat(refused(made.pack("mine.jar"))).startsWith("a policy cannot be made: Provider my.Mine")
                .contains("NoClassDefFoundError");
    }

    @Test
    void aNameThatIsTakenIsRefused() throws Exception {
        assertThat(refused(jar("arkvale", "").pack("mine.jar"))).isEqualTo(
                "the policy of class my.Mine is named arkvale, which is the name of another policy: give it its own name");
    }
}
