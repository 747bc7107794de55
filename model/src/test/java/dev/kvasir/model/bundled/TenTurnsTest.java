package dev.kvasir.model.bundled;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Logits;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import dev.kvasir.model.engine.EngineOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A conversation of ten turns under a budget that holds two of them. */
class TenTurnsTest {
    private static final int CONTEXT = 4096;
    private static final int ANSWER = 6; // tokens
    private static final CacheOptions OPTIONS = CacheOptions.builder()
            .policy(Policies.named("arkvale"))
            .budget(Budget.tokens(512))
            .topkTokens(256)
            .build();

    @Test
    void everyAnswerIsThatToOnePromptOfTheWholeConversation(@TempDir Path folder) throws Exception {
        try (Model model = Model.load(BundledModel.unpacked(folder), EngineOptions.defaults());
                KvCache cache = model.newCache(OPTIONS, CONTEXT, 1, CacheEvents.NONE);
                Session talk = model.openSession(cache, CONTEXT)) {
            var tokenizer = model.tokenizer().orElseThrow();
            int[] whole = {};
            for (int turn = 1; turn <= 10; turn++) {
                int[] text = turn == 1 ? tokenizer.encode(words(turn)) : tokenizer.encodeMore(words(turn));
                int[] answer = answer(talk, text);
                whole = concat(whole, text);
                assertThat(tokenizer.decode(answer)).as("turn %d", turn).contains("72926");
                assertThat(answer).as("turn %d, %s", turn, tokenizer.decode(answer))
                        .isEqualTo(answerToOnePrompt(model, whole));
                whole = concat(whole, answer);
                talk.step(answer[ANSWER - 1]);
            }
            assertThat(talk.position()).isEqualTo(whole.length).isGreaterThan(2 * 512);
            assertThat(cache.stats().recalled()).isPositive();
        }
    }

    /** The first turn hides the pass key, and all ask for it. */
    private static String words(int turn) {
        String filler = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again. "
                .repeat(4 + turn % 3);
        String key = turn == 1 ? "\nThe pass key is 72926. Remember it. 72926 is the pass key.\n" : "";
        return filler + key + filler + "\nWhat is the pass key? The pass key is";
    }

    private static int[] answerToOnePrompt(Model model, int[] whole) {
        try (KvCache cache = model.newCache(OPTIONS, CONTEXT, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, CONTEXT)) {
            return answer(session, whole);
        }
    }

    /** Reads a text and answers; the last token of the answer is not read. */
    private static int[] answer(Session session, int[] text) {
        int[] answer = new int[ANSWER];
        answer[0] = Logits.top(session.extend(text));
        for (int i = 1; i < ANSWER; i++) {
            answer[i] = Logits.top(session.step(answer[i - 1]));
        }
        return answer;
    }

    private static int[] concat(int[] one, int[] other) {
        return IntStream.concat(Arrays.stream(one), Arrays.stream(other)).toArray();
    }
}
