package dev.kvasir.runner.command;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SentencesTest {
    @Test
    void aDiskWithoutRoomIsNamedWithWhatToDo() {
        assertThat(Sentences.of(new FileSystemException("out/run.json", null, "No space left on device")))
                .isEqualTo("out/run.json: No space left on device; make room there, or name another folder");
        assertThat(Sentences.of(new IOException("No space left on device")))
                .isEqualTo(
                        "reading or writing failed: No space left on device; make room there, or name another folder");
    }

    @Test
    void aDiskThatIsReadOnlyIsNoPlaceForResults() {
        assertThat(Sentences.of(new FileSystemException("out", null, "Read-only file system")))
                .isEqualTo("out: Read-only file system; name another folder");
    }
}
