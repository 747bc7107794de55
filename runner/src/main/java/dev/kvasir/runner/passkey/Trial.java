package dev.kvasir.runner.passkey;

import dev.kvasir.kvcache.CacheOptions;
import dev.kvasir.kvcache.CacheStats;
import dev.kvasir.kvcache.KvCache;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.StreamingDecoder;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One policy's attempt at a passkey: the context is read with full attention and evicted down to the budget, then the
 * question and a greedy answer are decoded under the policy.
 *
 * @param answer the first number the model wrote; empty if it wrote none
 * @param isRight whether it is the hidden one
 * @param prefillNanos time for the context
 * @param decodeNanos time for question and answer
 * @param decoded tokens of question and answer
 * @param cache the counters while all was still in place
 */
public record Trial(String answer, boolean isRight, long prefillNanos, long decodeNanos, int decoded,
        CacheStats cache) {
    private static final int ANSWER_TOKENS = 8; // a space, five digits, and something that is no digit
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** Tries one policy. */
    public static Trial run(Model model, Tokenizer tokenizer, Passkey passkey, CacheOptions options,
            CacheEvents events) {
        int capacity = passkey.context().length + passkey.question().length + ANSWER_TOKENS;
        try (KvCache cache = model.newCache(options, capacity, 1, events);
                Session session = model.openSession(cache, capacity)) {
            long start = System.nanoTime();
            session.prefill(passkey.context());
            long prefilled = System.nanoTime();
            float[] logits = session.extend(passkey.question());
            StreamingDecoder decoder = tokenizer.decoder(DecodeOptions.CONTINUATION);
            StringBuilder written = new StringBuilder();
            for (int i = 0; i < ANSWER_TOKENS; i++) {
                int token = Sampler.mostLikely(logits, 0, logits.length);
                if (tokenizer.isEndOfGeneration(token)) {
                    break;
                }
                written.append(decoder.next(token));
                logits = session.step(token);
            }
            long end = System.nanoTime();
            Matcher number = NUMBER.matcher(written);
            String answer = number.find() ? number.group() : "";
            return new Trial(answer, answer.equals(passkey.answer()), prefilled - start, end - prefilled,
                    session.position() - passkey.context().length, cache.stats());
        }
    }

    /** Decoded tokens a second. */
    public double decodeRate() {
        return decoded * 1e9 / decodeNanos;
    }
}
