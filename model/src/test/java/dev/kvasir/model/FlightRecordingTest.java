package dev.kvasir.model;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.engine.EngineOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a flight recording holds of a prompt of three tokens and two steps. */
class FlightRecordingTest {
    private static final Path STORIES = Path.of("src/test/resources/stories260k/stories260K-f32.gguf");
    private static final int LAYERS = 5;

    @Test
    void aRecordingHoldsStepsPhasesAndForms(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("steps.jfr");
        try (Model model = Model.load(STORIES, EngineOptions.defaults());
                var cache = model.newCache(CacheOptions.FULL, 64, 1, CacheEvents.NONE);
                var session = model.openSession(cache, 64);
                var recording = new Recording()) {
            recording.enable("dev.kvasir.Step");
            recording.enable("dev.kvasir.Phase");
            recording.enable("dev.kvasir.KernelForm").with("period", "beginChunk");
            recording.start();
            session.prefill(new int[]{1, 2, 3});
            session.step(4);
            session.step(5);
            recording.stop();
            session.step(6);
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);

        assertThat(of(events, "Step")).map(e -> e.getString("kind") + " " + e.getInt("tokens") + " at "
                + e.getInt("position")).containsExactly("prompt 3 at 0", "decode 1 at 3", "decode 1 at 4");
        Map<String, Long> phases = of(events, "Phase").stream()
                .collect(Collectors.groupingBy(e -> e.getString("phase"), Collectors.counting()));
        assertThat(phases).containsEntry("projection", 3L * LAYERS)
                .containsEntry("store", 2L * LAYERS)
                .containsEntry("recall-wait", 2L * LAYERS)
                .containsEntry("feed-forward", 3L * LAYERS);
        assertThat(of(events, "Phase")).map(e -> e.getInt("layer")).contains(0, LAYERS - 1).doesNotContain(LAYERS);
        assertThat(of(events, "KernelForm")).map(e -> e.getString("operation"))
                .contains("attention", "digests", "weights", "prompts");
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream().filter(e -> e.getEventType().getName().equals("dev.kvasir." + name)).toList();
    }
}
