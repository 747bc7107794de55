package dev.kvasir.kvcache.paged;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kernels.parallel.Workers;
import dev.kvasir.kvcache.device.VectorKvDevice;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.option.Extend;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.CachePlan;
import dev.kvasir.kvcache.plan.CacheShape;
import dev.kvasir.kvcache.plan.KvSequence;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Sequences that begin with the pages of an earlier text. */
class PrefixSharingTest {
    private static final CacheShape SHAPE = new CacheShape(3, 4, 2, 8);
    private static final int PAGE = 16;
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void endWorkers() {
        WORKERS.close();
    }

    private static CacheOptions.Builder options(String policy) {
        return CacheRun.options(policy).pageSize(PAGE).kvType(KvType.F16).budget(Budget.pages(10)).denseLayers(1);
    }

    private static PagedCache cache(CacheOptions options, int sequences) {
        return PagedCache.create(CachePlan.of(SHAPE, options, 1200, sequences),
                (geometry, frames) -> new VectorKvDevice(geometry, frames, WORKERS), CacheEvents.NONE);
    }

    /** Frames of one page in all layers. */
    private static long bytes(CacheOptions options, int pages) {
        return pages * SHAPE.layers() * CachePlan.of(SHAPE, options, 1200, 1).geometry().frameBytes();
    }

    private static int[] text(int tokens) {
        return IntStream.range(0, tokens).toArray();
    }

    /** Outputs of the text's last tokens, and of steps. */
    private static float[][] read(KvSequence sequence, int tokens, int expectedHeld, int last) {
        int held = sequence.name(text(tokens));
        assertThat(held).isEqualTo(expectedHeld);
        assertThat(sequence.length()).isEqualTo(held);
        float[] out = SeededText.read(sequence, SHAPE, held, tokens);
        return new float[][]{Arrays.copyOfRange(out, out.length - last * SHAPE.queryWidth(), out.length),
            SeededText.decode(sequence, SHAPE, tokens, 20)};
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "arkvale", "infllm", "quest", "streaming-llm", "random"})
    void aTextThatBeginsAlikeGivesTheBitsOfReadingItAnew(String policy) {
        var builder = options(policy);
        var options = builder.prefixCache(bytes(builder.build(), 100)).build();
        try (var cache = cache(options, 2); var anew = cache(options, 1)) {
            var first = cache.open(1200);
            read(first, 700, 0, 1);
            for (int tokens : new int[]{700, 699, 1000, 513}) {
                try (var other = cache.open(1200); var alone = anew.open(1200)) {
                    anew.prefixes().dropAll();
                    int held = Math.min(700, tokens - 1) / PAGE * PAGE;
                    int left = Math.min(tokens - held, 40);
                    float[][] shared = read(other, tokens, held, left);
                    float[][] whole = read(alone, tokens, 0, left);
                    assertThat(shared[0]).as("%d tokens", tokens).isEqualTo(whole[0]);
                    assertThat(shared[1]).as("%d tokens, decoded", tokens).isEqualTo(whole[1]);
                }
            }
            first.close();
        }
    }

    @Test
    void pagesAreSharedUnderAPrefillBudgetAndBySelection() {
        for (var extend : new Extend[]{Extend.EXACT, Extend.SELECT}) {
            var builder = options("arkvale").extend(extend).prefillBudget(1120);
            var options = builder.prefixCache(bytes(builder.build(), 100)).build();
            try (var cache = cache(options, 2); var first = cache.open(1200); var other = cache.open(1200)) {
                float[][] whole = read(first, 1150, 0, 1);
                float[][] shared = read(other, 1150, 1136, 1);
                if (extend == Extend.EXACT) {
                    assertThat(shared[0]).isEqualTo(whole[0]);
                    assertThat(shared[1]).isEqualTo(whole[1]);
                }
            }
        }
    }

    @Test
    void aTextThatDiffersWithinAPageSharesThePagesBefore() {
        var builder = options("full");
        var options = builder.prefixCache(bytes(builder.build(), 100)).build();
        try (var cache = cache(options, 2); var first = cache.open(1200); var other = cache.open(1200)) {
            read(first, 300, 0, 1);
            int[] text = text(300);
            text[100] = -1;
            assertThat(other.name(text)).isEqualTo(96);
        }
    }

    @Test
    void whatFollowsOnDecodedTokensIsNotShared() {
        var builder = options("arkvale");
        var options = builder.prefixCache(bytes(builder.build(), 100)).build();
        try (var cache = cache(options, 2); var first = cache.open(1200); var other = cache.open(1200)) {
            read(first, 64, 0, 1); // and 20 steps
            first.name(IntStream.range(84, 200).toArray());
            SeededText.read(first, SHAPE, 84, 200);
            assertThat(other.name(text(200))).isEqualTo(64);
        }
    }

    @Test
    void laterTextIsSharedToo() {
        var builder = options("arkvale");
        var options = builder.prefixCache(bytes(builder.build(), 100)).build();
        try (var cache = cache(options, 2); var first = cache.open(1200); var other = cache.open(1200)) {
            first.name(text(500));
            SeededText.read(first, SHAPE, 0, 500);
            first.name(IntStream.range(500, 800).toArray());
            SeededText.read(first, SHAPE, 500, 800);
            assertThat(other.name(text(900))).isEqualTo(800);
        }
    }

    @Test
    void closedTextsStayUpToTheLimitAndTheOldestGoFirst() {
        var builder = options("arkvale");
        var options = builder.prefixCache(bytes(builder.build(), 10)).build();
        try (var cache = cache(options, 1)) {
            for (int number = 0; number < 4; number++) {
                try (var sequence = cache.open(1200)) {
                    int[] text = text(5 * PAGE);
                    text[0] = -number - 1;
                    assertThat(sequence.name(text)).isZero();
                    SeededText.read(sequence, SHAPE, 0, text.length);
                }
                assertThat(cache.host().used()).isEqualTo(Math.min(number + 1, 2) * 5 * SHAPE.layers());
            }
            for (int number = 0; number < 4; number++) {
                int[] text = text(5 * PAGE + 1);
                text[0] = -number - 1;
                try (var sequence = cache.open(1200)) {
                    assertThat(sequence.name(text)).as("text %d", number).isEqualTo(number < 2 ? 0 : 5 * PAGE);
                }
            }
        }
    }
}
