package dev.kvasir.runner.terminal;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class StdoutWriterTest {

    @ParameterizedTest
    @CsvSource({"Broken pipe, true", "No space left on device, false", "Stream Closed, false"})
    void aReaderThatHasGoneIsToldFromAFullDisk(String reason, boolean gone) {
        var writer = new StdoutWriter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        });
        writer.print("text");

        assertThat(writer.checkError()).isTrue();
        assertThat(writer.readerIsGone()).isEqualTo(gone);
    }
}
