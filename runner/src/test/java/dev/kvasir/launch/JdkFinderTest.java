package dev.kvasir.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JdkFinderTest {
    @TempDir
    private Path root;

    private Path running;
    private Path user;

    @BeforeEach
    void java17RunsUs() {
        running = FakeJdk.create(root.resolve("usr/lib/jvm/java-17"), "17.0.15");
        user = root.resolve("home/me and you");
    }

    private JdkFinder finder(Map<String, String> environment) {
        return new JdkFinder(root, user, running, environment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"usr/lib/jvm/temurin-25", "opt/jdk-25 with spaces",
        "home/me and you/.sdkman/candidates/java/25-tem",
        "home/me and you/.jdks/temurin-25", "home/me and you/.gradle/jdks/adoptium-25",
        "Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home"})
    void looksInTheUsualFolders(String folder) throws Exception {
        Path home = FakeJdk.create(root.resolve(folder), "25.0.1");

        assertThat(finder(Map.of()).find().home()).isEqualTo(home);
    }

    @Test
    void theJvmThatRunsUsIsTheFirstChoice() throws Exception {
        running = FakeJdk.create(root.resolve("somewhere"), "26");
        FakeJdk.create(root.resolve("opt/jdk-25"), "25");
        Path other = FakeJdk.create(root.resolve("elsewhere"), "25");

        assertThat(finder(Map.of("JAVA_HOME", other.toString())).find().home()).isEqualTo(running);
    }

    @Test
    void javaHomeComesBeforeTheUsualFolders() throws Exception {
        FakeJdk.create(root.resolve("opt/jdk-25"), "25");
        Path home = FakeJdk.create(root.resolve("elsewhere"), "27-ea");

        assertThat(finder(Map.of("JAVA_HOME", home.toString())).find().home()).isEqualTo(home);
    }

    @Test
    void theOldestThatIsNewEnoughWinsAmongTheUsualFolders() throws Exception {
        FakeJdk.create(root.resolve("opt/a-jdk-26"), "26.0.1");
        Path home = FakeJdk.create(root.resolve("opt/b-jdk-25"), "25.0.1");

        assertThat(finder(Map.of()).find().home()).isEqualTo(home);
    }

    @Test
    void kvasirJavaHomeWinsOverAll() throws Exception {
        running = FakeJdk.create(root.resolve("somewhere"), "25");
        Path home = FakeJdk.create(root.resolve("named"), "26");

        assertThat(finder(Map.of("KVASIR_JAVA_HOME", home.toString())).find().home()).isEqualTo(home);
    }

    @Test
    void kvasirJavaHomeThatIsTooOldIsAnError() {
        FakeJdk.create(root.resolve("opt/jdk-25"), "25");

        assertThatThrownBy(() -> finder(Map.of("KVASIR_JAVA_HOME", running.toString())).find())
                .isInstanceOf(NoJdkException.class)
                .hasMessageContaining("KVASIR_JAVA_HOME is Java 17.0.15 in " + running)
                .hasMessageContaining("needs a JDK 25");
    }

    @Test
    void kvasirJavaHomeWithoutJdkIsAnError() {
        assertThatThrownBy(() -> finder(Map.of("KVASIR_JAVA_HOME", root.toString())).find())
                .hasMessageContaining(root.toString())
                .hasMessageContaining("holds no JDK");
    }

    @Test
    void aJdkWithoutTheVectorApiIsNotUsable() {
        Path slim = FakeJdk.create(root.resolve("opt/slim-25"), "25", "MODULES=\"java.base\"\n");

        assertThatThrownBy(() -> finder(Map.of()).find()).hasMessageContaining("25 without the Vector API in " + slim);
    }

    @Test
    void aReleaseFileWithoutModulesIsTrusted() throws Exception {
        Path home = FakeJdk.create(root.resolve("opt/jdk-25"), "25", "");

        assertThat(finder(Map.of()).find().home()).isEqualTo(home);
    }

    @Test
    void findsTheJdkBehindTheJavaOnThePath() throws Exception {
        Path home = FakeJdk.create(root.resolve("far/away/jdk"), "25");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), home.resolve("bin/java"));

        assertThat(finder(Map.of("PATH", "/nowhere" + File.pathSeparator + bin)).find().home())
                .isEqualTo(home.toRealPath());
    }

    @Test
    void readsMavensToolchains() throws Exception {
        Path home = FakeJdk.create(root.resolve("far/jdk"), "25");
        Files.createDirectories(user.resolve(".m2"));
        Files.writeString(user.resolve(".m2/toolchains.xml"),
                "<toolchains><toolchain><jdkHome>\n " + home + "\n</jdkHome></toolchain></toolchains>");

        assertThat(finder(Map.of()).find().home()).isEqualTo(home);
    }

    @Test
    void withoutJdkTheMessageSaysWhatWasFoundAndHowToGetOne() {
        Path old = FakeJdk.create(root.resolve("usr/lib/jvm/java-8"), "1.8.0_402");

        assertThatThrownBy(() -> finder(Map.of()).find()).isInstanceOf(NoJdkException.class)
                .hasMessage(
                        "Kvasir needs a JDK 25 or newer and found only Java 17.0.15 in %s, 1.8.0_402 in %s: install one (Temurin 25 from "
                                + "https://adoptium.net, or `sdk install java 25-tem` with SDKMAN) or name its folder in KVASIR_JAVA_HOME.",
                        running, old);
    }

    @Test
    void withoutAnyJdkTheMessageSaysSo() throws IOException {
        running = Files.createDirectories(root.resolve("empty"));
        Files.delete(root.resolve("usr/lib/jvm/java-17/release"));

        assertThatThrownBy(() -> finder(Map.of()).find()).hasMessageContaining("found no JDK: install one");
    }

    @Test
    void anInstallationBehindTwoLinksIsListedOnce() throws Exception {
        Files.createSymbolicLink(root.resolve("usr/lib/jvm/default"), running);

        assertThat(finder(Map.of("JAVA_HOME", running.toString())).all()).extracting(Jdk::home)
                .containsExactly(running);
    }

    @Test
    void everyVersionSchemeIsRead() {
        assertThat(Jdk.at(FakeJdk.create(root.resolve("a"), "1.8.0_402"))).hasValueSatisfying(
                jdk -> assertThat(jdk.feature()).isEqualTo(8));
        assertThat(Jdk.at(FakeJdk.create(root.resolve("b"), "25"))).hasValueSatisfying(
                jdk -> assertThat(jdk.feature()).isEqualTo(25));
        assertThat(Jdk.at(FakeJdk.create(root.resolve("c"), "25.0.1+8"))).hasValueSatisfying(
                jdk -> assertThat(jdk.feature()).isEqualTo(25));
        assertThat(Jdk.at(FakeJdk.create(root.resolve("d"), "nonsense"))).isEmpty();
    }
}
