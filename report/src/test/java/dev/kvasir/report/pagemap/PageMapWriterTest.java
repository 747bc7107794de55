package dev.kvasir.report.pagemap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PageMapWriterTest {
    private static final List<String> KINDS = List.of("filled", "evicted", "recalled");
    private static final List<String> STATES = List.of("resident", "absent");

    @TempDir
    private Path folder;

    private record Event(int kind, int state, long step, int page, float importance) {}

    private static PageMapRun run(PageEvents events, String... texts) {
        return new PageMapRun("<policy>", Map.of("Model", "a & b"), "page", 4, 6, 2, List.of("KV heads 0 to 1"), KINDS,
                STATES, List.of(texts), events);
    }

    private String written(PageMapRun... runs) throws IOException {
        Path page = folder.resolve("page.html");
        PageMapWriter.write("<title>", List.of(runs), page);
        return Files.readString(page);
    }

    private static JsonNode data(String page) throws IOException {
        String start = "<script type=\"application/json\" id=\"runs\">";
        int from = page.indexOf(start) + start.length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    /** Reads events as the script of the page does. */
    private static List<Event> events(JsonNode stream) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(stream.get("events").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        long step = 0;
        long page = 0;
        while (bytes.hasRemaining()) {
            int first = bytes.get();
            step += varint(bytes);
            long move = varint(bytes);
            page += move % 2 == 0 ? move / 2 : -(move + 1) / 2;
            events.add(new Event(first & 7, first >> 3 & 7, step, (int) page,
                    (first & 64) == 0 ? Float.NaN : bytes.getFloat()));
        }
        return events;
    }

    private static long varint(ByteBuffer bytes) {
        long number = 0;
        for (long scale = 1;; scale *= 128) {
            int next = bytes.get() & 255;
            number += (next & 127) * scale;
            if (next < 128) {
                return number;
            }
        }
    }

    @Test
    void everyEventIsInThePageInItsOrder() throws IOException {
        var random = new Random(5);
        List<Event> all = new ArrayList<>();
        var events = new PageEvents();
        long step = 0;
        for (int i = 0; i < 500; i++) {
            step += random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(2);
            var event = new Event(random.nextInt(3), random.nextInt(2), step, random.nextInt(1 << random.nextInt(20)),
                    random.nextBoolean() ? (float) random.nextGaussian() : Float.NaN);
            all.add(event);
            events.add(event.kind, event.state, 1, 0, event.step, event.page, event.importance);
        }

        JsonNode data = data(written(run(events)));

        assertThat(data.get(0).get("streams")).hasSize(1);
        assertThat(events(data.get(0).get("streams").get(0))).isEqualTo(all);
        assertThat(data.get(0).get("streams").get(0).get("count").asInt()).isEqualTo(500);
        assertThat(data.get(0).get("steps").asLong()).isEqualTo(step);
    }

    @Test
    void pagesAreCountedWithTheOneThatIsBeingFilled() throws IOException {
        var events = new PageEvents();
        events.add(0, 0, 0, 0, 0, 0, Float.NaN);
        events.add(0, 0, 0, 0, 2, 1, Float.NaN);
        events.add(1, 1, 0, 0, 3, 0, Float.NaN);

        assertThat(data(written(run(events))).get(0).get("pages").asInt()).as("6 + 3 tokens in pages of 4")
                .isEqualTo(3);
    }

    @Test
    void noTextEndsTheScriptAndThePageNeedsNoNetwork() throws IOException {
        var events = new PageEvents();
        events.add(0, 0, 0, 0, 0, 0, Float.NaN);

        String page = written(run(events, "</script><script>alert(1)</script>", "<!--"), run(events));

        assertThat(page).contains("&lt;title&gt;", "a &amp; b").doesNotContain("alert(1)</script>", "<!--");
        assertThat(page).doesNotContain("http:", "https:", "src=", "<link", "@import");
        assertThat(data(page).get(0).get("texts").get(0).asText()).isEqualTo("</script><script>alert(1)</script>");
        assertThat(data(page)).hasSize(2);
    }

    @Test
    void numbersAreThoseOfTheEventsByLayer() throws IOException {
        var events = new PageEvents();
        for (int page = 0; page < 7; page++) {
            events.add(0, 0, 0, 0, 0, page, Float.NaN);
        }
        events.add(1, 1, 1, 0, 3, 2, 1f);
        events.add(2, 0, 1, 0, 3, 4, 1f);
        events.add(1, 1, 1, 0, 4, 4, 1f);

        assertThat(written(run(events)).replaceAll("<[^>]*>", " ").replaceAll("\\s+", " "))
                .contains("layer filled evicted recalled 0 7 0 0 1 0 2 1 all 7 2 1");
    }

    @Test
    void stepsDoNotGoBack() {
        var events = new PageEvents();
        events.add(0, 0, 0, 0, 5, 0, Float.NaN);

        assertThatThrownBy(() -> events.add(0, 0, 0, 0, 4, 0, Float.NaN)).hasMessage("step 4 comes after step 5");
    }
}
