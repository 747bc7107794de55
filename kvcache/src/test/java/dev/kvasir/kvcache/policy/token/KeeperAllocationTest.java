package dev.kvasir.kvcache.policy.token;

import com.sun.management.ThreadMXBean;
import dev.kvasir.kvcache.policy.EvictingKeeper;
import dev.kvasir.kvcache.policy.SelectingKeeper;
import dev.kvasir.kvcache.policy.TokenAttention;
import dev.kvasir.kvcache.policy.TokenKeeper;
import dev.kvasir.kvcache.policy.TokenPolicy;
import dev.kvasir.kvcache.policy.TokenQuery;
import dev.kvasir.kvcache.policy.TokenScope;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a token policy decides in a decode step, it decides without allocating. */
class KeeperAllocationTest {
    private static final int BUDGET = 64;
    private static final int MAX = 8000;

    static Stream<TokenPolicy> policies() {
        return Stream.of(new H2oPolicy(), new TovaPolicy(), new ScissorhandsPolicy(), new RoCoPolicy(),
                new SnapKvPolicy(), new SnapStreamPolicy(), new KeyformerPolicy(), new QHitterPolicy(),
                new SparQPolicy(), new AlisaPolicy());
    }

    /** Tokens of a KV head, their weights an arithmetic muddle. */
    private static final class Tokens implements TokenAttention, TokenQuery {
        private final int[] positions = new int[MAX];
        private final float[] queries = new float[2 * 8];
        private int count;
        private int length;
        private int attended = MAX;

        void add() {
            positions[count++] = length++;
        }

        void remove(int position) {
            int i = 0;
            while (positions[i] != position) {
                i++;
            }
            System.arraycopy(positions, i + 1, positions, i, count - i - 1);
            count--;
        }

        @Override
        public int query() {
            return length - 1;
        }

        @Override
        public float logit(int queryHead, int i) {
            return (positions[i] * 37 + length * 11 + queryHead * 5) % 101 / 50f;
        }

        @Override
        public float weight(int queryHead, int i) {
            return logit(queryHead, i) / count;
        }

        @Override
        public float mean(int kvHead, int i) {
            return weight(kvHead, i);
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public int count(int kvHead) {
            return Math.min(count, attended);
        }

        @Override
        public int position(int kvHead, int i) {
            return positions[i];
        }

        @Override
        public float[] queries() {
            return queries;
        }

        @Override
        public int at(int queryHead) {
            return queryHead * 8;
        }

        @Override
        public void keys(int kvHead, int element, float[] values) {
            for (int i = 0; i < count; i++) {
                values[i] = logit(element, i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aStepAllocatesNothing(TokenPolicy policy) {
        var keeper = policy.keeper(new TokenScope(0, 1, 2, 1, 8, BUDGET, MAX, 0));
        var tokens = new Tokens();
        float[] kv = new float[8];
        float[] out = new float[2 * 8];
        int[] chosen = new int[MAX];
        for (int i = 0; i < tokens.queries.length; i++) {
            kv[i % 8] = i % 5 - 2;
            tokens.queries[i] = i % 7 - 3;
        }
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        while (least > 0 && tokens.length + 200 < (policy.evicts() ? MAX : 4000)) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200; i++) {
                step(keeper, tokens, kv, chosen, out);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }

    private static void step(TokenKeeper keeper, Tokens tokens, float[] kv, int[] chosen,
            float[] out) {
        if (keeper instanceof EvictingKeeper evicting && tokens.count == BUDGET) {
            tokens.remove(evicting.leaving(tokens, 0));
        }
        tokens.add();
        keeper.appended(tokens.length - 1, 1, kv, 0, kv, 0);
        if (keeper instanceof SelectingKeeper selecting && tokens.count > BUDGET) {
            selecting.select(tokens, 0, chosen);
            selecting.amend(out, 0);
        }
        if (keeper.observesSteps()) {
            tokens.attended = BUDGET;
            keeper.observe(tokens);
            tokens.attended = MAX;
        }
    }
}
