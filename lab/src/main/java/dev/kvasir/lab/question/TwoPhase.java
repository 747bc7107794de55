package dev.kvasir.lab.question;

import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Session;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.StreamingDecoder;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Two-phase generation, as in the papers. First the context is read at once with full attention, and then evicted down
 * to the budget. Then the question is read token by token under the policy, and the answer is decoded greedily.
 *
 * @param answers the text that the model wrote after each question
 * @param prefillNanos time for the context
 * @param decodeNanos time for question and answer
 * @param decoded tokens of question and answer
 * @param cache the cache's counters, read before the cache was closed
 */
public record TwoPhase(List<String> answers, long prefillNanos, long decodeNanos, int decoded, CacheStats cache) {

    public TwoPhase {
        answers = List.copyOf(answers);
    }

    /** All answers, one on a line. */
    public String answer() {
        return String.join("\n", answers);
    }

    /** Asks one question: {@link #askAll}. */
    public static TwoPhase ask(KvCache cache, Session session, Tokenizer tokenizer, int[] context, int[] question,
            int maxTokens, Predicate<CharSequence> isComplete, Runnable everyToken) {
        return askAll(cache, session, tokenizer, context, List.of(question), maxTokens, isComplete, everyToken);
    }

    /**
     * Asks several questions in turn. Earlier questions and answers stay in the text.
     *
     * @param session an empty session in {@code cache}, with room for everything
     * @param questions the tokens of each question; empty tokens if the context ends with the question
     * @param maxTokens largest number of new tokens for each question
     * @param isComplete whether the answer so far is complete
     * @param everyToken called before every token; may throw to end early
     */
    public static TwoPhase askAll(KvCache cache, Session session, Tokenizer tokenizer, int[] context,
            List<int[]> questions, int maxTokens, Predicate<CharSequence> isComplete, Runnable everyToken) {
        everyToken.run();
        long start = System.nanoTime();
        session.prefill(context);
        long prefilled = System.nanoTime();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            for (int token : questions.get(i)) {
                everyToken.run();
                session.advance(token);
            }
            boolean isLast = i + 1 == questions.size();
            answers.add(decode(session, tokenizer, maxTokens, isComplete, everyToken, isLast));
        }
        long end = System.nanoTime();
        return new TwoPhase(answers, prefilled - start, end - prefilled,
                session.position() - context.length, cache.stats());
    }

    private static String decode(Session session, Tokenizer tokenizer, int maxTokens,
            Predicate<CharSequence> isComplete, Runnable everyToken, boolean isLast) {
        StreamingDecoder decoder = tokenizer.decoder(DecodeOptions.CONTINUATION);
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < maxTokens; i++) {
            everyToken.run();
            int token = session.mostLikely();
            if (tokenizer.isEndOfGeneration(token)) {
                break;
            }
            written.append(decoder.next(token));
            boolean isEnd = i + 1 == maxTokens || isComplete.test(written);
            if (!isEnd || !isLast) {
                session.advance(token);
            }
            if (isEnd) {
                break;
            }
        }
        return written + decoder.end();
    }

    /** Decoded tokens a second. */
    public double decodeRate() {
        return decoded * 1e9 / decodeNanos;
    }
}
