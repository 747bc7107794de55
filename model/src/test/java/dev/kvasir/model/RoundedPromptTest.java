package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.tensor.ActivationType;
import dev.kvasir.kernels.tensor.TensorType;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.gguf.RandomModel;
import dev.kvasir.model.gguf.WriteProgress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Prompts of a model whose matrices are large enough for the processor's matrix unit, which rounds to bfloat16. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundedPromptTest {
    private static final int CONTEXT = 64;
    private static final CacheOptions CACHE = CacheOptions.FULL.toBuilder().kvType(KvType.F32).build();

    private Path file;
    private int[] text;
    private float[] expected;

    @BeforeAll
    void readWithTheReference(@TempDir Path folder) throws Exception {
        file = folder.resolve("wide.gguf");
        new RandomModel("llama", CONTEXT, 2, 1024, 8, 2, 128, 1024, 512, TensorType.Q8_0, true, 5).write(file,
                WriteProgress.NONE);
        text = new Random(6).ints(43, 0, 256).toArray();
        expected = logits(EngineOptions.reference(), text.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 43})
    void roundedPromptsAreNearTheReference(int prompt) {
        assertThat(Logits.distance(logits(EngineOptions.defaults(), prompt), expected)).isLessThan(1e-2);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 43})
    void promptsInFloatsAreTheReferences(int prompt) {
        EngineOptions floats = EngineOptions.defaults().withActivations(ActivationType.F32);
        assertThat(Logits.distance(logits(floats, prompt), expected)).isLessThan(1e-4);
    }

    /** The logits behind the text, the first {@code prompt} tokens of it read at once. */
    private float[] logits(EngineOptions engine, int prompt) {
        try (Model model = Model.load(file, engine);
                KvCache cache = model.newCache(CACHE, CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, CONTEXT)) {
            float[] logits = session.prefill(Arrays.copyOf(text, prompt));
            for (int i = prompt; i < text.length; i++) {
                logits = session.step(text[i]);
            }
            return logits.clone();
        }
    }
}
