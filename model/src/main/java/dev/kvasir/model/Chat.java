package dev.kvasir.model;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheStats;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Generation.Stop;
import dev.kvasir.model.chat.Message;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.EncodeOptions;
import dev.kvasir.model.tokenizer.MarkedText;
import dev.kvasir.model.tokenizer.StreamingDecoder;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A conversation with a model, by its own chat template, or in plain lines if it has none.
 *
 * <pre>{@code
 * try (OpenModel model = BundledModel.open(); Chat chat = model.chat(ChatOptions.greedy())) {
 *     chat.say("ROMEO:", System.out::print);
 * }
 * }</pre>
 *
 * <p>Each turn reads only the new text, token by token under the cache's policy. If the template changes earlier text,
 * everything is read again into a new session; a prefix cache spares the part that
 * is the same. A chat is for one thread at a time; chats of one model may be used in
 * different threads. {@link #cancel} and {@link #close} may be called from any thread.
 */
public final class Chat implements AutoCloseable {
    private final OpenModel open;
    private final ChatOptions options;
    private final Script script;
    private final List<Message> messages = new ArrayList<>();
    private final ReentrantLock user = new ReentrantLock();
    private volatile boolean cancelled;
    private Sampler sampler;
    private String system = "";
    private KvCache cache; // of this session
    private Session session;
    private boolean isTorn; // the session ended within a prompt
    private int[] tokens = {}; // the whole conversation; the session holds the first session.position() tokens
    private String said = ""; // the same as text; empty if the session must begin again

    /**
     * An answer.
     *
     * @param text without the stop that ended it
     * @param report why it ended, with counts and times
     */
    public record Answer(String text, Generation.Report report) {}

    Chat(OpenModel open, ChatOptions options) {
        this.open = open;
        this.options = options;
        script = Script.of(open.chatTemplate(), open.tokenizer().vocabulary());
        sampler = newSampler();
        cache = newCache();
        session = newSession();
        system = options.system();
        addSystem();
    }

    /** @param saved a file whose conversation is to be read */
    private Chat(OpenModel open, ChatOptions options, SessionFile saved) throws IOException {
        this.open = open;
        this.options = options;
        script = Script.of(open.chatTemplate(), open.tokenizer().vocabulary());
        sampler = newSampler();
        SavedChat chat = SavedChat.read(saved, options, sampler);
        cache = newCache();
        session = restore(cache, saved);
        take(chat);
    }

    /** The conversation of a file. */
    static Chat restored(OpenModel open, ChatOptions options, Path path) throws IOException {
        try (SessionFile saved = SessionFile.open(path, open.model().file())) {
            return new Chat(open, options, saved);
        }
    }

    /** As {@link #say(String, Consumer)}, for an answer that is wanted as a whole. */
    public Answer say(String words) {
        return say(words, piece -> {});
    }

    /**
     * Adds the user's message and generates the answer.
     *
     * @param sink receives the answer piece by piece, in this thread
     * @return the answer; {@link Stop#INTERRUPTED} if {@link #cancel} ended it. A message that was not read to its end
     *         is dropped, and what was answered until then is kept
     * @throws ContextLengthException if the message does not fit; the conversation is then unchanged
     * @throws dev.kvasir.model.chat.ChatTemplateException if the template rejects it; the conversation is then unchanged
     * @throws IllegalStateException if another thread uses this chat, or it or its model is closed
     */
    public Answer say(String words, Consumer<String> sink) {
        hold();
        try {
            cancelled = false;
            messages.add(Message.user(words));
            boolean isAnswered = false;
            try {
                Answer answer = answer(sink);
                isAnswered = !isTorn;
                return answer;
            } finally {
                if (!isAnswered) {
                    messages.removeLast();
                }
            }
        } finally {
            user.unlock();
        }
    }

    /** Ends the answer under way after the current token, or the reading of its prompt; without one it does nothing. */
    public void cancel() {
        cancelled = true;
    }

    /** The conversation so far, the system prompt included. */
    public List<Message> messages() {
        hold();
        try {
            return List.copyOf(messages);
        } finally {
            user.unlock();
        }
    }

    /** Drops everything except the system prompt. */
    public void clear() {
        hold();
        try {
            messages.clear();
            addSystem();
            restart();
        } finally {
            user.unlock();
        }
    }

    /**
     * Writes the conversation to a file, with everything that its next answers depend on: messages, tokens, the cache and
     * the state of the random numbers. {@link OpenModel#restoreChat} and {@link #load} continue it. The file appears when
     * it is complete; until then an older one of its name stays.
     *
     * @throws FailureException if the engine or the policy does not save its state
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if another thread uses this chat
     */
    public void save(Path path) throws IOException {
        hold();
        try {
            var chat = new SavedChat(system, List.copyOf(messages), tokens, said);
            if (isTorn) { // the next answer reads everything again
                var nothing = new SessionFile.Head(options.contextTokens(), 0);
                SessionFile.write(path, open.model().file(), nothing, sampler, chat.unread()::write, out -> {});
            } else {
                session.save(path, sampler, chat::write);
            }
        } finally {
            user.unlock();
        }
    }

    /**
     * Puts the conversation of a file in the place of this one.
     *
     * @throws FailureException as {@link OpenModel#restoreChat}; this conversation then goes on
     * @throws IOException if the file cannot be read; this conversation then goes on
     * @throws IllegalStateException if another thread uses this chat
     */
    public void load(Path path) throws IOException {
        hold();
        try (SessionFile saved = SessionFile.open(path, open.model().file())) {
            Sampler itsSampler = newSampler();
            SavedChat chat = SavedChat.read(saved, options, itsSampler);
            KvCache itsCache = newCache();
            Session itsSession = restore(itsCache, saved);
            session.close();
            cache.close();
            cache = itsCache;
            session = itsSession;
            sampler = itsSampler;
            isTorn = false;
            take(chat);
        } finally {
            user.unlock();
        }
    }

    /** The seed of the random numbers: that of the options, or the one of the conversation that was restored. */
    public long seed() {
        return sampler.seed();
    }

    /** Tokens read so far. */
    public int position() {
        return session.position();
    }

    /** The counters of the cache since the conversation began or was read again. */
    public CacheStats stats() {
        return cache.stats();
    }

    private Answer answer(Consumer<String> sink) {
        MarkedText text = script.textOf(messages);
        int[] unread = unread(text);
        if (session.position() + unread.length > options.contextTokens()) {
            throw new ContextLengthException(
                    "the conversation needs %d tokens and the context holds %d: clear the conversation, or raise contextTokens"
                            .formatted(session.position() + unread.length, options.contextTokens()));
        }
        options.listener().tokens(session.position(), unread);
        tokens = join(Arrays.copyOf(tokens, session.position()), unread);
        var position = new AtomicInteger(tokens.length);
        said = "";
        isTorn = true; // until the prompt and its answer are read
        Tokenizer tokenizer = open.tokenizer();
        StreamingDecoder decoder = tokenizer.decoder(DecodeOptions.CONTINUATION);
        var stops = new StopTexts(options.stops());
        var answer = new StringBuilder();
        var drawn = IntStream.builder();
        Consumer<String> add = piece -> {
            if (!piece.isEmpty()) {
                answer.append(piece);
                sink.accept(piece);
            }
        };
        var generation = new Generation(session, sampler, tokenizer::isEndOfGeneration,
                () -> cancelled || stops.isFound());
        Generation.Report report = generation.run(unread, options.maxTokens(), token -> {
            drawn.add(token);
            options.listener().tokens(position.getAndIncrement(), token);
            add.accept(stops.add(decoder.next(token)));
        });
        if (report.promptTokens() < unread.length) {
            return new Answer("", report);
        }
        add.accept(stops.add(decoder.end()));
        add.accept(stops.end());
        isTorn = false;
        keep(text.text(), answer.toString(), drawn.build().toArray(), stops.isFound());
        return new Answer(answer.toString(), stops.isFound() ? report.stoppedBy(Stop.STOP_TEXT) : report);
    }

    /** Adds an answer to the conversation. Its last token is not read yet, so that a stop in it can be left out. */
    private void keep(String prompt, String answer, int[] drawn, boolean isStopped) {
        messages.add(Message.assistant(answer));
        int[] kept = isStopped ? Arrays.copyOf(drawn, drawn.length - 1) : drawn;
        if (!isStopped || open.tokenizer().decode(kept, DecodeOptions.CONTINUATION).equals(answer)) {
            tokens = join(tokens, kept);
            said = prompt + answer;
        }
    }

    /**
     * The tokens of {@code text} that the session has not read yet. Restarts the session if it has read a different
     * text.
     */
    private int[] unread(MarkedText text) {
        String words = text.text();
        if (!said.isEmpty() && words.startsWith(said)) {
            int[] pending = Arrays.copyOfRange(tokens, session.position(), tokens.length);
            return join(pending,
                    open.tokenizer().encode(text.part(said.length(), words.length()), EncodeOptions.RENDERED));
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
        session.close();
        if (options.cache().prefixCache() > 0) {
            options.listener().begins();
        } else {
            cache.close();
            cache = newCache();
        }
        session = newSession();
        isTorn = false;
        tokens = new int[0];
        said = "";
    }

    private KvCache newCache() {
        options.listener().begins();
        CacheEvents events = options.listener().events();
        return open.model()
                .newCache(options.cache(), options.contextTokens(), 1, events.equals(CacheEvents.NONE)
                        ? events
                        : (kind, state, step, layer, sequence, group, page, importance, bytes) -> options.listener()
                                .events()
                                .page(kind, state, step, layer, sequence, group, page, importance, bytes));
    }

    private Session newSession() {
        return open.model().openSession(cache, options.contextTokens(), this::checkCancelled);
    }

    private void checkCancelled(long done, long total) {
        if (cancelled) {
            throw new PromptStoppedException(done, total);
        }
    }

    private Session restore(KvCache itsCache, SessionFile saved) throws IOException {
        try {
            return open.model().restore(itsCache, saved, this::checkCancelled);
        } catch (Throwable e) {
            itsCache.close();
            throw e;
        }
    }

    private void take(SavedChat chat) {
        system = chat.system();
        messages.clear();
        messages.addAll(chat.messages());
        tokens = chat.tokens();
        said = chat.said();
        options.listener().tokens(0, Arrays.copyOf(tokens, session.position()));
    }

    private Sampler newSampler() {
        return new Sampler(options.sampling(), open.model().config().vocabulary());
    }

    private void addSystem() {
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
    }

    private void hold() {
        if (!user.tryLock()) {
            throw new IllegalStateException("another thread is using this chat: open one for each conversation");
        }
    }

    private static int[] join(int[] a, int[] b) {
        int[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    /** Cancels an answer under way, waits for its end, and frees the memory. A second close does nothing. */
    @Override
    public void close() {
        cancel();
        user.lock();
        try {
            session.close();
            cache.close();
        } finally {
            user.unlock();
        }
    }
}
