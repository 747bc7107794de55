package dev.kvasir.model.bundled;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The bundled model, in half precision with heads of 64, on the simulated task graphs and on the reference. */
@Tag("large")
class BundledModelOnGraphsTest {
    private static final CacheOptions OPTIONS = CacheOptions.builder()
            .policy(Policies.named("arkvale"))
            .kvType(KvType.F32)
            .budget(Budget.tokens(256))
            .pageSize(16)
            .denseLayers(1)
            .build();

    @Test
    void simulatedGraphsGiveTheReferencesLogitsUnderEvictionAndRecall(@TempDir Path folder) throws Exception {
        Path file = BundledModel.unpacked(folder);
        float[][] expected = logits(file, EngineKind.REFERENCE);
        float[][] actual = logits(file, EngineKind.SIM);
        for (int i = 0; i < expected.length; i++) {
            assertThat(distance(actual[i], expected[i])).isLessThan(1e-4);
        }
    }

    private static float[][] logits(Path file, EngineKind kind) {
        String story = "There is an important info hidden inside a lot of irrelevant text. ".repeat(40);
        try (Model model = Model.load(file, EngineOptions.defaults().withKind(kind).withPrefillChunk(128));
                KvCache cache = model.newCache(OPTIONS, 640, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, 640)) {
            int[] text = Arrays.copyOf(model.tokenizer().orElseThrow().encode(story), 416);
            float[][] logits = new float[17][];
            logits[0] = session.prefill(Arrays.copyOf(text, 400)).clone();
            for (int i = 1; i < logits.length; i++) {
                logits[i] = session.step(text[399 + i]).clone();
            }
            assertThat(cache.stats().recalled()).isPositive();
            return logits;
        }
    }

    /** {@code ||actual - expected|| / ||expected||}. */
    private static double distance(float[] actual, float[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }
}
