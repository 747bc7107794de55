package dev.kvasir.runner.chat;

import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.ContextLengthException;
import dev.kvasir.model.Generation;
import dev.kvasir.model.OpenModel;
import dev.kvasir.model.Session;
import dev.kvasir.model.chat.ChatTemplate;
import dev.kvasir.model.chat.Message;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.StreamingDecoder;
import dev.kvasir.model.tokenizer.Tokenizer;
import dev.kvasir.runner.trace.TokenLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A conversation in one session. Each turn reads only the new text, token by token under the cache's policy. If the
 * template changes earlier text, everything is read again into a new session.
 */
public final class Conversation implements AutoCloseable {
    private final OpenModel open;
    private final Supplier<KvCache> caches;
    private final TokenLog log;
    private final int capacity; // tokens
    private final Script script;
    private final Sampler sampler;
    private final List<Message> messages = new ArrayList<>();
    private final List<Message> opening;
    private KvCache cache; // of this session
    private Session session;
    private boolean isTorn; // the session ended within a prompt
    private int[] tokens = {}; // the whole conversation; the session holds the first session.position() tokens
    private String said = ""; // the same as text

    /**
     * An empty conversation.
     *
     * @param caches creates an empty cache for each session
     * @param log receives the tokens that the session reads and draws
     * @param system the system prompt; may be empty
     */
    public Conversation(OpenModel open, Supplier<KvCache> caches, TokenLog log, int capacity,
            Optional<ChatTemplate> template,
            SamplerOptions sampling, String system) {
        this.open = open;
        this.caches = caches;
        this.log = log;
        this.capacity = capacity;
        script = Script.of(template, open.tokenizer().vocabulary());
        sampler = new Sampler(sampling, open.model().config().vocabulary());
        opening = system.isEmpty() ? List.of() : List.of(Message.system(system));
        cache = caches.get();
        session = open.model().openSession(cache, capacity);
        messages.addAll(opening);
    }

    /** Tokens read so far. */
    public int position() {
        return session.position();
    }

    /** The counters of the session's cache. */
    public CacheStats stats() {
        return cache.stats();
    }

    /** Drops everything except the system prompt. */
    public void clear() {
        messages.clear();
        messages.addAll(opening);
        restart();
    }

    /**
     * Adds the user's message and generates the answer.
     *
     * @param sink receives the answer piece by piece
     * @return the figures; if they have fewer prompt tokens than there are, the user stopped the prompt, and the message
     *         is dropped
     * @throws ContextLengthException if it does not fit; the conversation is then unchanged
     */
    public Generation.Report say(String words, int maxTokens, BooleanSupplier interrupted, Consumer<String> sink) {
        messages.add(Message.user(words));
        int[] unread;
        String text;
        try {
            text = script.textOf(messages);
            unread = unread(text);
            if (session.position() + unread.length > capacity) {
                throw new ContextLengthException(
                        "the conversation needs %d tokens and the context holds %d: /clear it, or start with a larger -c"
                                .formatted(session.position() + unread.length, capacity));
            }
        } catch (RuntimeException e) {
            messages.remove(messages.size() - 1);
            throw e;
        }
        Tokenizer tokenizer = open.tokenizer();
        StreamingDecoder decoder = tokenizer.decoder(DecodeOptions.CONTINUATION);
        StringBuilder answer = new StringBuilder();
        IntStream.Builder drawn = IntStream.builder();
        log.tokens(session.position(), unread);
        tokens = join(Arrays.copyOf(tokens, session.position()), unread);
        var position = new AtomicInteger(tokens.length);
        var generation = new Generation(session, sampler, tokenizer::isEndOfGeneration, interrupted);
        Generation.Report report = generation.run(unread, maxTokens, token -> {
            drawn.add(token);
            log.tokens(position.getAndIncrement(), token);
            String piece = decoder.next(token);
            answer.append(piece);
            sink.accept(piece);
        });
        if (report.promptTokens() < unread.length) {
            messages.remove(messages.size() - 1);
            isTorn = true;
            said = "";
            return report;
        }
        String rest = decoder.end();
        answer.append(rest);
        sink.accept(rest);
        tokens = join(tokens, drawn.build().toArray());
        said = text + answer;
        messages.add(Message.assistant(answer.toString()));
        return report;
    }

    /**
     * The tokens of {@code text} that the session has not read yet. Restarts the session if it has read a different
     * text.
     */
    private int[] unread(String text) {
        if (!said.isEmpty() && text.startsWith(said)) {
            int[] pending = Arrays.copyOfRange(tokens, session.position(), tokens.length);
            return join(pending, open.tokenizer().encode(text.substring(said.length()), EncodeOptions.RENDERED));
        }
        if (isTorn || session.position() > 0) {
            restart();
        }
        var vocabulary = open.tokenizer().vocabulary();
        int[] all = open.tokenizer().encode(text, EncodeOptions.RENDERED);
        int bos = vocabulary.special().bos();
        boolean lacksBos = vocabulary.addBos() && (all.length == 0 || all[0] != bos);
        return lacksBos ? join(new int[]{bos}, all) : all;
    }

    private void restart() {
        close();
        cache = caches.get();
        session = open.model().openSession(cache, capacity);
        isTorn = false;
        tokens = new int[0];
        said = "";
    }

    private static int[] join(int[] a, int[] b) {
        int[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    @Override
    public void close() {
        session.close();
        cache.close();
    }
}
