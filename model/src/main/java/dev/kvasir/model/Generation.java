package dev.kvasir.model;

import dev.kvasir.model.sampling.Sampler;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Continues a text in a session. It reads a prompt and draws tokens until a token ends the text, there are enough
 * tokens, the context is full, or the caller interrupts.
 *
 * @param endOfText whether a token ends the text; such a token is not passed on
 * @param interrupted called before every token; true ends the generation
 */
public record Generation(Session session, Sampler sampler, IntPredicate endOfText, BooleanSupplier interrupted) {

    /** Why a generation ended. */
    public enum Stop {
        END_OF_TEXT,
        MAX_TOKENS,
        CONTEXT_FULL,
        /** A text that the caller named ends the answer. */
        STOP_TEXT,
        INTERRUPTED
    }

    /**
     * The counts and times of a generation.
     *
     * @param promptTokens tokens read, including those of the question
     * @param newTokens tokens passed on
     * @param promptNanos time to read the prompt
     * @param firstTokenNanos time until the first token was drawn; 0 if none was
     * @param decodeNanos time from then to the end
     * @param decodeSteps forward passes in that time
     */
    public record Report(Stop stop, int promptTokens, int newTokens, long promptNanos, long firstTokenNanos,
            long decodeNanos, int decodeSteps) {

        /** Prompt tokens per second. */
        public double promptRate() {
            return rate(promptTokens, promptNanos);
        }

        /** Decoded tokens per second, without the first one, which is drawn from the prompt's logits. */
        public double decodeRate() {
            return rate(decodeSteps, decodeNanos);
        }

        /** The same for another reason. */
        Report stoppedBy(Stop reason) {
            return new Report(reason, promptTokens, newTokens, promptNanos, firstTokenNanos, decodeNanos, decodeSteps);
        }

        private static double rate(int tokens, long nanos) {
            return nanos == 0 ? 0 : tokens * 1e9 / nanos;
        }
    }

    /** Reads a prompt and draws up to {@code maxTokens} tokens. */
    public Report run(int[] prompt, int maxTokens, IntConsumer sink) {
        return run(prompt, new int[0], maxTokens, sink);
    }

    /**
     * Reads a context as a prompt, then a question (which may be empty) token by token, and draws up to {@code maxTokens}
     * tokens.
     *
     * <p>A {@link PromptStoppedException} of the model's prompt watch ends it like an interruption. The report then
     * counts the tokens read so far, and the session can only be closed.
     *
     * @param sink receives each token when it is drawn
     * @throws ContextLengthException if context and question do not fit
     * @throws IllegalStateException if another thread uses the session, or closes it or its model
     */
    public Report run(int[] context, int[] question, int maxTokens, IntConsumer sink) {
        session.hold();
        try {
            return generate(context, question, maxTokens, sink);
        } finally {
            session.release();
        }
    }

    private Report generate(int[] context, int[] question, int maxTokens, IntConsumer sink) {
        int read = context.length + question.length;
        if (session.position() + read > session.capacity()) {
            throw new ContextLengthException(
                    "the prompt has %d tokens, but the context has room for %d: shorten the prompt or raise contextTokens"
                            .formatted(read, session.capacity() - session.position()));
        }
        long start = System.nanoTime();
        try {
            session.extend(context);
        } catch (PromptStoppedException e) {
            return stopped(e.share() * context.length, start);
        }
        if (question.length > 0) {
            try {
                session.stepThrough(question);
            } catch (PromptStoppedException e) {
                return stopped(context.length + e.share() * question.length, start);
            }
        }
        acceptAll(context);
        acceptAll(question);
        long prompted = System.nanoTime();
        long firstToken = 0;
        int drawn = 0;
        int steps = 0;
        int token = 0;
        Stop stop = Stop.MAX_TOKENS;
        while (drawn < maxTokens) {
            if (interrupted.getAsBoolean()) {
                stop = Stop.INTERRUPTED;
                break;
            }
            if (drawn > 0) {
                if (session.position() == session.capacity()) {
                    stop = Stop.CONTEXT_FULL;
                    break;
                }
                session.advance(token);
                steps++;
            }
            token = sampler.takesMostLikely() ? session.mostLikely() : sampler.sample(session.logits());
            sampler.accept(token);
            if (drawn == 0) {
                firstToken = System.nanoTime() - start;
            }
            if (endOfText.test(token)) {
                stop = Stop.END_OF_TEXT;
                break;
            }
            sink.accept(token);
            drawn++;
        }
        long decode = firstToken == 0 ? 0 : System.nanoTime() - start - firstToken;
        return new Report(stop, read, drawn, prompted - start, firstToken, decode, steps);
    }

    private static Report stopped(double tokensRead, long start) {
        return new Report(Stop.INTERRUPTED, (int) tokensRead, 0, System.nanoTime() - start, 0, 0, 0);
    }

    private void acceptAll(int[] tokens) {
        for (int token : tokens) {
            sampler.accept(token);
        }
    }
}
