package dev.kvasir.kernels.attention.vector;

import dev.kvasir.kernels.attention.PartialResult;
import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.page.Scene;
import dev.kvasir.kernels.parallel.Workers;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The weights that follow from the logits of an observed attention, against a softmax in double precision. */
class AttentionWeightsTest {

    static Stream<AttentionShape> shapes() {
        return Stream.of(AttentionShape.of(KvType.F32, 32, 1, 64, 1, 1),
                AttentionShape.of(KvType.F16, 16, 1, 80, 4, 61, 17, 300),
                AttentionShape.of(KvType.F16, 32, 2, 64, 3, 577, 255),
                AttentionShape.of(KvType.BF16, 4, 2, 7, 3, 577, 255),
                AttentionShape.of(KvType.F32, 8, 1, 50, 2, 256, 257));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void observedLogitsGiveTheSoftmaxAndTheSameOutput(AttentionShape shape) {
        var scene = new Scene(shape.geometry(), 3, shape.lengths());
        int heads = shape.queryHeads();
        int headDim = shape.geometry().headDim();
        float[] q = scene.randoms(2 + heads * headDim, 2f);
        int stride = Arrays.stream(shape.lengths()).max().orElseThrow() + 5;
        float[] logits = new float[heads * stride];
        float[] weights = new float[heads * stride];
        float[] controls = new float[heads * stride];
        var decoding = new Decoding(scene.filled(0), heads, q, 2);
        try (var workers = new Workers(2)) {
            float[] plain = decoding.vector(workers, scene.lists);
            assertThat(decoding.vector(workers, logits, stride, scene.lists)).isEqualTo(plain);
        }
        for (int h = 0; h < heads; h++) {
            int kvHead = h / shape.shared();
            int group = kvHead / shape.geometry().heads();
            int tokens = shape.lengths()[group];
            double[] expected = scene.logits(q, 2 + h * headDim, group, kvHead % shape.geometry().heads(), tokens);
            double max = Arrays.stream(expected).max().orElseThrow();
            double sum = Arrays.stream(expected).map(logit -> Math.exp(logit - max)).sum();
            float[] record = new float[PartialResult.size(headDim)];
            record[headDim] = (float) max;
            record[headDim + 1] = (float) sum;
            float logSum = PartialResult.logSum(record, 0, 1, record.length, headDim);
            AttentionWeights.weights(logits, h * stride, tokens, logSum, weights);
            dev.kvasir.kernels.attention.reference.AttentionWeights.weights(logits, h * stride, tokens, logSum,
                    controls);
            for (int t = 0; t < tokens; t++) {
                double weight = Math.exp(expected[t] - max) / sum;
                int at = h * stride + t;
                assertThat(Math.abs(logits[at] - expected[t])).isLessThan(3e-5);
                assertThat(Math.abs(weights[at] - weight)).isLessThan(1e-7 + 3e-5 * weight);
                assertThat(Math.abs(controls[at] - weight)).isLessThan(1e-7 + 3e-5 * weight);
            }
        }
    }
}
