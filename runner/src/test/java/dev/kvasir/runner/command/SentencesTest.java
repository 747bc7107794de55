package dev.kvasir.runner.command;

import dev.kvasir.kvcache.option.Setting;
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
    void aSettingOfTheLibraryIsAFlagHere() {
        var refused = new IllegalArgumentException(
                "budget 64 tokens holds 2 pages of 32: raise CacheOptions.budget to 256 or lower CacheOptions.pageSize");
        assertThat(Sentences.of(refused))
                .isEqualTo("budget 64 tokens holds 2 pages of 32: raise --budget to 256 or lower --page-size");
        for (Setting setting : Setting.values()) {
            assertThat(Sentences.of(new IllegalArgumentException("set " + setting.place() + ", please")))
                    .matches("set --[a-z-]+, please");
        }
    }

    @Test
    void aDiskThatIsReadOnlyIsNoPlaceForResults() {
        assertThat(Sentences.of(new FileSystemException("out", null, "Read-only file system")))
                .isEqualTo("out: Read-only file system; name another folder");
    }
}
