package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.util.Arrays;

/** The trained model of the tests: 5 layers, 8 query heads on 4 KV heads of 8, 512 tokens of context. */
public final class Stories {
    public static final int CONTEXT = 512;
    public static final int BEGIN = 1;
    public static final CacheOptions FULL = CacheOptions.FULL.toBuilder().kvType(KvType.F32).pageSize(8).build();
    /** Recalls at all steps of all layers but the first: 16 pages of 8 tokens, 1 sink, 2 in the window. */
    public static final CacheOptions ARKVALE = FULL.toBuilder()
            .policy(Policies.named("arkvale"))
            .budget(Budget.tokens(128))
            .sinkPages(1)
            .windowPages(2)
            .denseLayers(1)
            .build();
    public static final CacheOptions STREAMING = ARKVALE.toBuilder().policy(Policies.named("streaming-llm")).build();

    private Stories() {}

    public static Model load(EngineOptions options) {
        return Model.load(Oracle.gguf("stories260K"), options);
    }

    /** A story of so many tokens, told by the model itself on the reference engine; the same everywhere. */
    public static int[] text(int tokens) {
        int[] text = new int[tokens];
        text[0] = BEGIN;
        try (Model model = load(EngineOptions.reference());
                Session session = model.openSession(new PlainCache(5, 8, 4, 8), CONTEXT)) {
            var sampler = new Sampler(new SamplerOptions(0.8f, 0, 0.95f, 0, 1, 0, 11), model.config().vocabulary());
            for (int i = 1; i < tokens; i++) {
                text[i] = sampler.sample(session.step(text[i - 1]));
            }
        }
        return text;
    }

    /** The text of llama.cpp's greedy continuation, 205 tokens. */
    public static int[] greedyText() {
        Oracle oracle = Oracle.of("stories260K");
        int[] text = Arrays.copyOf(oracle.tokens(), oracle.tokens().length + oracle.greedy().length);
        System.arraycopy(oracle.greedy(), 0, text, oracle.tokens().length, oracle.greedy().length);
        return text;
    }

    /** The logits behind every token from {@code prompt} on, the first {@code prompt} read as a prompt, or none if 0. */
    public static float[][] logits(EngineOptions engine, CacheOptions options, int[] text, int prompt) {
        try (Model model = load(engine);
                KvCache cache = model.newCache(options, CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, CONTEXT)) {
            return prompt == 0 ? Logits.forced(session, text) : Logits.prompted(session, text, prompt);
        }
    }
}
