package dev.kvasir.kvcache.event;

import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.page.PageState;
import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class JfrEventsTest {

    @Test
    void aPageEventIsInTheRecording(@TempDir Path folder) throws IOException {
        var events = new JfrEvents();
        var file = folder.resolve("pages.jfr");
        try (var recording = new Recording()) {
            recording.enable("dev.kvasir.Page");
            recording.start();
            events.page(Kind.RECALLED, PageState.COMING_LATE, 7, 3, 1, 2, 41, 0.5f, 8192);
            recording.stop();
            events.page(Kind.EVICTED, PageState.ABSENT, 8, 3, 1, 2, 41, 0.5f, 8192);
            recording.dump(file);
        }
        var recorded = RecordingFile.readAllEvents(file);
        assertThat(recorded).hasSize(1);
        var event = recorded.getFirst();
        assertThat(event.getString("kind")).isEqualTo("RECALLED");
        assertThat(event.getString("state")).isEqualTo("COMING_LATE");
        assertThat(event.getLong("step")).isEqualTo(7);
        assertThat(event.getInt("layer")).isEqualTo(3);
        assertThat(event.getInt("sequence")).isEqualTo(1);
        assertThat(event.getInt("group")).isEqualTo(2);
        assertThat(event.getInt("page")).isEqualTo(41);
        assertThat(event.getFloat("importance")).isEqualTo(0.5f);
        assertThat(event.getLong("bytes")).isEqualTo(8192);
    }

    @Test
    void countersAreKeptPerLayerAndBothListenersHear() {
        var first = new CacheCounters(3);
        var second = new CacheCounters(3);
        var both = first.and(second);
        both.page(Kind.EVICTED, PageState.ABSENT, 1, 0, 0, 0, 5, 1f, 100);
        both.page(Kind.EVICTED, PageState.ABSENT, 1, 2, 0, 0, 6, 1f, 100);
        both.page(Kind.FILLED, PageState.FULL, 1, 2, 0, 0, 6, 1f, 7);
        assertThat(first.events(Kind.EVICTED)).isEqualTo(2);
        assertThat(first.events(Kind.EVICTED, 2)).isEqualTo(1);
        assertThat(first.events(Kind.EVICTED, 1)).isZero();
        assertThat(first.bytes(Kind.EVICTED)).isEqualTo(200);
        assertThat(second.bytes(Kind.FILLED)).isEqualTo(7);
    }
}
