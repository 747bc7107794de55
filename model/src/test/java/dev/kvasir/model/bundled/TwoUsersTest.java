package dev.kvasir.model.bundled;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.event.CacheEvents.Kind;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.Session;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The example of docs/sharing.md. */
class TwoUsersTest {
    private static final long PAGE_BYTES = 8192;

    @Test
    void theNumbersOfTheExampleHold() {
        try (OpenModel open = BundledModel.open()) {
            var options = CacheOptions.under(Policies.named("arkvale"))
                    .pageSize(16)
                    .budget(Budget.tokens(128))
                    .denseLayers(1)
                    .prefixCache(1 << 20)
                    .build();
            int[] play = new SplittableRandom(1).ints(200, 3, open.model().config().vocabulary()).toArray();
            try (KvCache cache = open.model().newCache(options, 512, 2, CacheEvents.NONE)) {
                Session ann = open.model().openSession(cache, 512);
                ann.prefill(join(play, 8));
                check(cache, 52, 52, 0, 52);
                decode(ann);
                long recalled = cache.counters().events(Kind.RECALLED);
                check(cache, 56, 56, recalled, 56);
                Session ben = open.model().openSession(cache, 512);
                ben.prefill(join(play, 11));
                check(cache, 60, 60, recalled + 48, 60);
                decode(ben);
                check(cache, 64, 64, cache.counters().events(Kind.RECALLED), 64);
                ann.close();
                assertThat(cache.stats().hostBytes()).isEqualTo(60 * PAGE_BYTES);
                ben.close();
                assertThat(cache.stats().hostBytes()).isEqualTo(56 * PAGE_BYTES);
            }
        }
    }

    /** The play and a question of so many tokens, which differs from those of other lengths. */
    private static int[] join(int[] play, int question) {
        int[] text = Arrays.copyOf(play, play.length + question);
        Arrays.fill(text, play.length, text.length, question);
        return text;
    }

    private static void decode(Session session) {
        for (int i = 0; i < 20; i++) {
            session.advance(session.mostLikely());
        }
    }

    private static void check(KvCache cache, long filled, long backedUp, long recalled, long held) {
        var stats = cache.stats();
        assertThat(stats.filled()).isEqualTo(filled);
        assertThat(stats.backedUp()).isEqualTo(backedUp);
        assertThat(stats.recalled()).isEqualTo(recalled);
        assertThat(stats.hostBytes()).isEqualTo(held * PAGE_BYTES);
    }
}
