package dev.kvasir.lab.passkey;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.lab.question.TwoPhase;
import dev.kvasir.model.Model;
import dev.kvasir.model.Session;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The result of one policy on a passkey text.
 *
 * @param answer the first number that the model wrote; empty if there is none
 * @param isRight whether it is the hidden one
 * @param run times and counters
 */
public record Trial(String answer, boolean isRight, TwoPhase run) {
    private static final int ANSWER_TOKENS = 8; // a space, five digits, and a token that is not a digit
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** Runs one policy; {@code everyToken} may throw to end early. */
    public static Trial run(Model model, Tokenizer tokenizer, Passkey passkey, CacheOptions options,
            CacheEvents events, Runnable everyToken) {
        int capacity = capacity(passkey);
        try (KvCache cache = model.newCache(options, capacity, 1, events);
                Session session = model.openSession(cache, capacity)) {
            return run(cache, session, tokenizer, passkey, everyToken);
        }
    }

    /** Runs in an empty session with room for {@link #capacity} tokens. */
    public static Trial run(KvCache cache, Session session, Tokenizer tokenizer, Passkey passkey,
            Runnable everyToken) {
        TwoPhase run = TwoPhase.ask(cache, session, tokenizer, passkey.context(), passkey.question(), ANSWER_TOKENS,
                written -> false, everyToken);
        Matcher number = NUMBER.matcher(run.answer());
        String answer = number.find() ? number.group() : "";
        return new Trial(answer, answer.equals(passkey.answer()), run);
    }

    /** Tokens of a trial: context, question and answer. */
    public static int capacity(Passkey passkey) {
        return passkey.context().length + passkey.question().length + ANSWER_TOKENS;
    }
}
