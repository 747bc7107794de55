package dev.kvasir.model.gguf;

import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a mapped file cannot be cut or deleted there")
class MappedFileTest {
    @TempDir
    private Path folder;

    private Path file() throws Exception {
        return Files.write(folder.resolve("model.gguf"), new byte[20_000]);
    }

    private static void cut(Path file, long bytes) throws Exception {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    @Test
    void aFileThatIsCutIsToldOfWithBothLengths() throws Exception {
        Path file = file();
        try (var mapped = new MappedFile(file)) {
            mapped.check();
            cut(file, 4096);

            assertThatThrownBy(mapped::checkLength).isInstanceOf(FileChangedException.class)
                    .hasMessageContaining("model.gguf")
                    .hasMessageContaining("20000 bytes and now has 4096");
        }
    }

    @Test
    void aReadBehindTheNewEndIsExplained() throws Exception {
        Path file = file();
        try (var mapped = new MappedFile(file)) {
            cut(file, 0);

            assertThatThrownBy(() -> {
                try {
                    mapped.bytes().get(ValueLayout.JAVA_BYTE, 10_000);
                } catch (InternalError e) {
                    throw mapped.explain(e);
                }
            }).isInstanceOf(FileChangedException.class).hasMessageContaining("now has 0");
        }
    }

    @Test
    void otherErrorsStayWhatTheyAre() throws Exception {
        try (var mapped = new MappedFile(file())) {
            var error = new InternalError("else");

            assertThatThrownBy(() -> mapped.explain(error)).isSameAs(error);
        }
    }

    @Test
    void aFileThatIsWrittenToIsToldOf() throws Exception {
        Path file = file();
        try (var mapped = new MappedFile(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));

            assertThatThrownBy(mapped::check).isInstanceOf(FileChangedException.class)
                    .hasMessageContaining("written to");
        }
    }

    @Test
    void aFileThatIsReplacedOrDeletedStaysAsItWas() throws Exception {
        Path file = file();
        try (var mapped = new MappedFile(file)) {
            Files.move(Files.write(folder.resolve("other"), new byte[5]), file, StandardCopyOption.ATOMIC_MOVE);
            assertThatCode(mapped::check).doesNotThrowAnyException();

            Files.delete(file);
            assertThatCode(mapped::check).doesNotThrowAnyException();
            assertThat(mapped.bytes().get(ValueLayout.JAVA_BYTE, 19_999)).isZero();
        }
    }

    @Test
    void anInterruptDoesNotCloseIt() throws Exception {
        try (var mapped = new MappedFile(file())) {
            Thread.currentThread().interrupt();
            assertThatCode(mapped::check).doesNotThrowAnyException();
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
