package dev.kvasir.launch;

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

class TornadoSdkTest {
    private static final String HOW = "install one with `sdk install tornadovm`";

    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void install() {
        home = FakeSdk.create(folder.resolve("tornadovm"), "5.2.0-jdk25");
    }

    private static TornadoSdk sdk(Object home) throws NoTornadoException {
        return TornadoSdk.in(Map.of("TORNADOVM_HOME", home.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.2.0-jdk25", "5.2.1-jdk25-dev", "6.0.0-jdk25", "7.3.1-jdk22", "7.3.1", "unknown"})
    void aWholeSdkForThisJdkIsTaken(String version) throws Exception {
        FakeSdk.create(home, version);

        assertThat(sdk(home).argfile()).isEqualTo(home.resolve("tornado-argfile"));
        assertThat(sdk(home).version()).isEqualTo(version);
    }

    @Test
    void anSdkWithoutReleaseFileIsTrusted() throws Exception {
        Files.delete(home.resolve("etc/tornado.release"));

        assertThat(sdk(home).version()).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void withoutVariableTheMessageSaysHowToGetAnSdk(String value) {
        assertThatThrownBy(() -> sdk(value)).isInstanceOf(NoTornadoException.class)
                .hasMessageStartingWith("TornadoVM is needed for this, and TORNADOVM_HOME is not set: " + HOW);
        assertThatThrownBy(() -> TornadoSdk.in(Map.of())).hasMessageContaining("TORNADOVM_HOME is not set");
    }

    @Test
    void aVariableThatNamesNoFolderIsAnError() {
        assertThatThrownBy(() -> sdk(folder.resolve("nowhere")))
                .hasMessageContainingAll("TORNADOVM_HOME names " + folder.resolve("nowhere"), "which is not a folder",
                        HOW);
    }

    @Test
    void aFolderWithoutArgfileIsAnError() throws IOException {
        Files.delete(home.resolve("tornado-argfile"));

        assertThatThrownBy(() -> sdk(home)).hasMessageContainingAll(home.toString(), "no readable tornado-argfile",
                HOW);
    }

    @Test
    void anArgfileThatIsOnlyATemplateYetHasACommandToMakeIt() throws IOException {
        Files.move(home.resolve("tornado-argfile"), home.resolve("tornado-argfile.template"));

        assertThatThrownBy(() -> sdk(home)).hasMessageContainingAll("does not exist yet",
                home.resolve("bin/tornado") + " --devices");
    }

    @Test
    void anSdkThatWasMovedIsAnError() throws IOException {
        Path moved = Files.move(home, folder.resolve("moved"));

        assertThatThrownBy(() -> sdk(moved)).hasMessageContainingAll(moved.resolve("tornado-argfile").toString(),
                home.toString(), "was moved or is not whole", "--generate-argfile");
    }

    @Test
    void anSdkWithoutNativeLibraryIsAnError() throws IOException {
        Files.delete(home.resolve("lib/libtornado-opencl.so"));

        assertThatThrownBy(() -> sdk(home)).hasMessageContainingAll("5.2.0-jdk25", "no native library",
                home.resolve("lib").toString());
    }

    @Test
    void anSdkForAnotherJdkIsAnError() {
        FakeSdk.create(home, "5.2.0-jdk21");

        assertThatThrownBy(() -> sdk(home)).hasMessageContainingAll("TornadoVM 5.2.0-jdk21 in " + home,
                "made for JDK 21", "Kvasir runs on JDK 25", HOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.0.1-jdk25", "5.1.0-jdk25", "3.0.0"})
    void anSdkThatIsTooOldIsAnError(String version) {
        FakeSdk.create(home, version);

        assertThatThrownBy(() -> sdk(home)).hasMessageContainingAll("TornadoVM " + version, "needs 5.2 or newer", HOW);
    }
}
