package dev.kvasir.kernels.choice.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import dev.kvasir.kernels.tensor.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class ArgmaxTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 127, 16385, 40009})
    void theFirstOfEqualsWins(int vocabulary) {
        int tokens = 3;
        var random = new Random(vocabulary);
        float[] logits = Samples.floats(tokens * vocabulary, random);
        int[] expected = new int[tokens];
        for (int t = 0; t < tokens; t++) {
            // three equal maxima: the first must win
            for (int i = 0; i < 3; i++) {
                logits[t * vocabulary + random.nextInt(vocabulary)] = 100 - 200 * (t % 2);
            }
            if (t % 2 == 1) {
                Arrays.fill(logits, t * vocabulary, (t + 1) * vocabulary, -100);
            }
            expected[t] = dev.kvasir.kernels.choice.reference.Argmax.of(logits, t * vocabulary, vocabulary);
        }
        IntArray active = IntArray.fromElements(tokens);
        FloatArray in = FloatArray.fromArray(logits);
        FloatArray values = new FloatArray(tokens * Argmax.PARTS);
        IntArray indices = new IntArray(tokens * Argmax.PARTS);
        IntArray chosen = new IntArray(tokens);
        TornadoRun.run(tasks -> Argmax.addTo(tasks, "chosen", active, in, values, indices, chosen, vocabulary, tokens),
                active, in, values, indices, chosen);
        assertThat(chosen.toHeapArray()).isEqualTo(expected);
    }
}
