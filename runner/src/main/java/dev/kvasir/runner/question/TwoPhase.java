package dev.kvasir.runner.question;

import dev.kvasir.kvcache.CacheStats;
import dev.kvasir.kvcache.KvCache;
import dev.kvasir.model.Session;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.StreamingDecoder;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.function.Predicate;

/**
 * Two-phase generation, as the papers compare policies: the context is read at once with full attention and evicted down
 * to the budget; then the question goes in token by token under the policy, and the answer is decoded greedily.
 *
 * @param answer what the model wrote
 * @param prefillNanos time for the context
 * @param decodeNanos time for question and answer
 * @param decoded tokens of question and answer
 * @param cache the counters while all was still in place
 */
public record TwoPhase(String answer, long prefillNanos, long decodeNanos, int decoded, CacheStats cache) {

    /**
     * Asks.
     *
     * @param session an empty one in {@code cache}, with room for all
     * @param question tokens that ask; none if the context does
     * @param maxTokens new tokens at most
     * @param isComplete whether what was written so far needs no more
     * @param everyToken called before every token, to end early by an exception
     */
    public static TwoPhase ask(KvCache cache, Session session, Tokenizer tokenizer, int[] context, int[] question,
            int maxTokens, Predicate<CharSequence> isComplete, Runnable everyToken) {
        everyToken.run();
        long start = System.nanoTime();
        session.prefill(context);
        long prefilled = System.nanoTime();
        for (int token : question) {
            everyToken.run();
            session.advance(token);
        }
        StreamingDecoder decoder = tokenizer.decoder(DecodeOptions.CONTINUATION);
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < maxTokens; i++) {
            everyToken.run();
            int token = session.mostLikely();
            if (tokenizer.isEndOfGeneration(token)) {
                break;
            }
            written.append(decoder.next(token));
            if (isComplete.test(written)) {
                break;
            }
            if (i + 1 < maxTokens) {
                session.advance(token);
            }
        }
        long end = System.nanoTime();
        return new TwoPhase(written + decoder.end(), prefilled - start, end - prefilled,
                session.position() - context.length, cache.stats());
    }

    /** Decoded tokens a second. */
    public double decodeRate() {
        return decoded * 1e9 / decodeNanos;
    }
}
