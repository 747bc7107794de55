package dev.kvasir.kernels.choice.tornado;

import dev.kvasir.kernels.launch.TornadoRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

import static org.assertj.core.api.Assertions.assertThat;

class SamplingTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 1024, 1025, 70001})
    void drawsWhatTheScalarDrawDoes(int vocabulary) {
        int tokens = 12;
        var random = new Random(vocabulary);
        float[] logits = new float[tokens * vocabulary];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Math.round(random.nextGaussian() * 20) / 8f; // coarse, so that there are equals
        }
        float[] options = new float[tokens * Sampling.OPTIONS];
        int[] topK = new int[tokens];
        int[] expected = new int[tokens];
        for (int t = 0; t < tokens; t++) {
            topK[t] = new int[]{1, 40, 64}[t % 3];
            options[t * 4] = new float[]{0.8f, 0, 1.5f}[t % 3];
            options[t * 4 + 1] = new float[]{0.95f, 0.4f, 1, 1}[t % 4];
            options[t * 4 + 2] = new float[]{0, 0.05f}[t % 2];
            // never on the edge between two tokens, where a float and a double may fall to different sides
            do {
                options[t * 4 + 3] = random.nextFloat();
            } while (distanceToEdge(logits, t * vocabulary, vocabulary, topK[t], options, t * 4) < 1e-4);
            expected[t] = draw(candidates(logits, t * vocabulary, vocabulary, topK[t], options, t * 4), options,
                    t * 4).getLast().token();
        }
        assertThat(sample(logits, vocabulary, topK, options)).isEqualTo(expected);
    }

    @Test
    void tokensComeAsOftenAsTheirSoftmaxSays() {
        int tokens = 200;
        float[] logits = new float[tokens * 3];
        float[] options = new float[tokens * Sampling.OPTIONS];
        int[] topK = new int[tokens];
        for (int t = 0; t < tokens; t++) {
            logits[3 * t] = (float) Math.log(1);
            logits[3 * t + 1] = (float) Math.log(7);
            logits[3 * t + 2] = (float) Math.log(2);
            topK[t] = 3;
            options[4 * t] = 1;
            options[4 * t + 1] = 1;
            options[4 * t + 3] = (t + 0.5f) / tokens;
        }
        int[] counts = new int[3];
        for (int token : sample(logits, 3, topK, options)) {
            counts[token]++;
        }
        assertThat(counts).containsExactly(20, 140, 40);
    }

    private static int[] sample(float[] logits, int vocabulary, int[] topK, float[] options) {
        int tokens = topK.length;
        IntArray active = IntArray.fromElements(tokens);
        FloatArray in = FloatArray.fromArray(logits);
        IntArray ks = IntArray.fromArray(topK);
        FloatArray draws = FloatArray.fromArray(options);
        IntArray chosen = new IntArray(tokens);
        Sampling.Scratch scratch = Sampling.Scratch.of(vocabulary, tokens);
        List<Object> arrays = new ArrayList<>(List.of(active, in, ks, draws, chosen));
        Collections.addAll(arrays, (Object[]) scratch.values());
        Collections.addAll(arrays, (Object[]) scratch.ids());
        TornadoRun.run(tasks -> Sampling.addTo(tasks, "token", active, in, ks, draws, scratch, chosen, vocabulary,
                tokens), arrays.toArray());
        return chosen.toHeapArray();
    }

    private record Candidate(int token, double weight) {}

    /** What top-k, top-p and min-p leave, most likely first, with weights for the draw. */
    private static List<Candidate> candidates(float[] logits, int at, int n, int topK, float[] options, int optionsAt) {
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -logits[at + i]).thenComparing(i -> i))
                .mapToInt(i -> i)
                .limit(topK)
                .toArray();
        float max = logits[at + order[0]];
        double total = Arrays.stream(order).mapToDouble(i -> Math.exp(logits[at + i] - max)).sum();
        double share = options[optionsAt + 1] < 1 ? options[optionsAt + 1] * total : Double.POSITIVE_INFINITY;
        float temperature = options[optionsAt];
        List<Candidate> kept = new ArrayList<>();
        double sum = 0;
        for (int i : order) {
            double likely = Math.exp(logits[at + i] - max);
            if (sum >= share || likely < options[optionsAt + 2]) {
                break;
            }
            sum += likely;
            kept.add(new Candidate(i, temperature == 0 ? 1 : Math.exp((logits[at + i] - max) / temperature)));
        }
        return kept;
    }

    /** The candidates up to the drawn one. */
    private static List<Candidate> draw(List<Candidate> kept, float[] options, int optionsAt) {
        if (options[optionsAt] == 0) {
            return kept.subList(0, 1);
        }
        double left = options[optionsAt + 3] * kept.stream().mapToDouble(Candidate::weight).sum();
        for (int i = 0; i < kept.size(); i++) {
            left -= kept.get(i).weight();
            if (left < 0) {
                return kept.subList(0, i + 1);
            }
        }
        return kept;
    }

    private static double distanceToEdge(float[] logits, int at, int n, int topK, float[] options, int optionsAt) {
        List<Candidate> kept = candidates(logits, at, n, topK, options, optionsAt);
        double total = kept.stream().mapToDouble(Candidate::weight).sum();
        double point = options[optionsAt + 3] * total;
        double nearest = total;
        double edge = 0;
        for (Candidate candidate : kept.subList(0, kept.size() - 1)) {
            edge += candidate.weight();
            nearest = Math.min(nearest, Math.abs(edge - point));
        }
        return nearest / total;
    }
}
