package dev.kvasir.kvcache.policy.token;

import dev.kvasir.kvcache.policy.TokenView;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TokenRanksTest {

    /** Tokens at every third position. */
    private record Thirds(int count) implements TokenView {
        @Override
        public int length() {
            return 3 * count;
        }

        @Override
        public int count(int kvHead) {
            return count;
        }

        @Override
        public int position(int kvHead, int i) {
            return 3 * i;
        }
    }

    @Test
    void theTopIsThatOfASortInWhichTheNewerOfEqualsIsHigher() {
        var random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            var tokens = new Thirds(1 + random.nextInt(40));
            float[] scores = new float[tokens.length()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextInt(-4, 5) / 2f;
            }
            int from = random.nextInt(tokens.count() + 1);
            int to = from + random.nextInt(tokens.count() - from + 1);
            int k = random.nextInt(12);
            int[] expected = IntStream.range(from, to)
                    .map(i -> 3 * i)
                    .boxed()
                    .sorted(Comparator.comparing((Integer p) -> -scores[p]).thenComparing(p -> -p))
                    .limit(k)
                    .sorted()
                    .mapToInt(p -> p)
                    .toArray();
            int[] positions = new int[2 + k];
            int end = TokenRanks.top(tokens, 0, scores, from, to, k, positions, 2);
            assertThat(Arrays.copyOfRange(positions, 2, end)).isEqualTo(expected);
        }
    }

    @Test
    void theLowestOfEqualsIsTheOldest() {
        var tokens = new Thirds(4);
        float[] scores = {1, 9, 9, -2, 9, 9, -2, 9, 9, 0, 9, 9};
        assertThat(TokenRanks.lowest(tokens, 0, scores, 0, 4)).isEqualTo(3);
        assertThat(TokenRanks.lowest(tokens, 0, scores, 2, 4)).isEqualTo(6);
        assertThatThrownBy(() -> TokenRanks.lowest(tokens, 0, scores, 2, 2)).hasMessageContaining("no token");
    }
}
