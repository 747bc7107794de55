package dev.kvasir.kvcache.token;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.KvCaches;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CacheShape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Where nothing has to leave, a cache of single tokens computes what one of pages does, bit for bit. */
class RoomTest {
    private static final CacheShape SHAPE = new CacheShape(2, 6, 2, 12);
    private static final int TOKENS = 310;

    @ParameterizedTest
    @CsvSource({"h2o, 310, F16", "tova, 310, BF16", "h2o, 300, F16", "tova, 300, F32", "in-blocks, 295, F16",
        "high-keys, 300, F16"})
    void theOutputIsThatOfFullAttention(String policy, int budget, KvType type) {
        var full = CacheOptions.builder().pageSize(16).kvType(type).build();
        var roomy = full.toBuilder()
                .policy(Policies.named(policy))
                .budget(Budget.tokens(budget))
                .denseLayers(1)
                .build();
        try (var team = new Workers(2)) {
            Stream.<KvDeviceFactory>of(ReferenceKvDevice::new,
                    (geometry, frames) -> new VectorKvDevice(geometry, frames, team)).forEach(devices -> {
                        assertThat(outputs(roomy, devices)).isDeepEqualTo(outputs(full, devices));
                    });
        }
    }

    /** Of a prompt of 270 tokens in chunks of 100, and of 25 steps. */
    private static float[][] outputs(CacheOptions options, KvDeviceFactory devices) {
        var random = new SplittableRandom(8);
        int queryStride = SHAPE.queryHeads() * SHAPE.headDim();
        float[][] outputs = new float[2 * (3 + 25)][];
        int next = 0;
        try (var cache = KvCaches.create(SHAPE, options, TOKENS, 1, devices, CacheEvents.NONE);
                var sequence = cache.open(TOKENS)) {
            sequence.beginPrefill(270);
            for (int layer = 0; layer < SHAPE.layers(); layer++) {
                for (int first = 0; first < 270; first += 100) {
                    int count = Math.min(100, 270 - first);
                    float[] q = normal(random, count * queryStride);
                    float[] kv = normal(random, 2 * count * 24);
                    outputs[next] = new float[q.length];
                    sequence.prefill(layer, q, kv, Arrays.copyOfRange(kv, count * 24, kv.length), count,
                            outputs[next++]);
                }
                sequence.endPrefill(layer);
            }
            for (int i = 0; i < 25; i++) {
                sequence.beginStep();
                for (int layer = 0; layer < SHAPE.layers(); layer++) {
                    float[] kv = normal(random, 48);
                    outputs[next] = new float[queryStride];
                    sequence.step(layer, normal(random, queryStride), 0, kv, 0, kv, 24, outputs[next++], 0);
                }
            }
        }
        return outputs;
    }

    private static float[] normal(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
