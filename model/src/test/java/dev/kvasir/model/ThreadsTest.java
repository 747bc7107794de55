package dev.kvasir.model;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Threads that share a model: each session writes its own text, and misuse is one sentence. */
class ThreadsTest {
    private static final int[] TEXT = Stories.greedyText();
    private static final CacheOptions H2O = Stories.ARKVALE.toBuilder().policy(Policies.named("h2o")).build();
    private final ExecutorService threads = Executors.newFixedThreadPool(6);

    @AfterEach
    void close() {
        threads.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"VECTOR", "REFERENCE"})
    void sessionsInThreadsWriteTheTextsOfSessionsAlone(EngineKind kind) throws Exception {
        try (Model model = Stories.load(EngineOptions.defaults().withKind(kind).withPrefillChunk(32));
                KvCache full = model.newCache(Stories.FULL, 256, 2, CacheEvents.NONE);
                KvCache arkvale = model.newCache(Stories.ARKVALE, 256, 2, CacheEvents.NONE);
                KvCache h2o = model.newCache(H2O, 256, 2, CacheEvents.NONE)) {
            List<KvCache> caches = List.of(full, arkvale, h2o, full, arkvale, h2o);
            List<int[]> alone = new ArrayList<>();
            for (int i = 0; i < caches.size(); i++) {
                alone.add(story(model, caches.get(i), i));
            }
            for (int round = 0; round < 3; round++) {
                assertThat(together(model, caches)).usingRecursiveComparison().isEqualTo(alone);
            }
        }
    }

    @Test
    void sessionsOfOneCacheOnTaskGraphsWriteTheTextsOfSessionsAlone() throws Exception {
        int[] prompt = Arrays.copyOf(TEXT, 20);
        try (Model model = Stories.load(EngineOptions.defaults().withKind(EngineKind.SIM));
                KvCache cache = model.newCache(Stories.FULL, 64, 3, CacheEvents.NONE)) {
            List<int[]> alone = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                alone.add(story(model, cache, prompt, 6, sampling(i)));
            }
            assertThat(atOnce(3, i -> story(model, cache, prompt, 6, sampling(i)))).usingRecursiveComparison()
                    .isEqualTo(alone);
        }
    }

    @Test
    void batchAndSessionInThreadsGetTheLogitsThatTheyGetAlone() throws Exception {
        try (Model model = Stories.load(EngineOptions.defaults());
                KvCache cache = model.newCache(Stories.ARKVALE, 256, 4, CacheEvents.NONE)) {
            int[] batch = batch(model, cache);
            int[] session = story(model, cache, 0);
            assertThat(atOnce(2, i -> i == 0 ? batch(model, cache) : story(model, cache, 0)))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(batch, session));
        }
    }

    @Test
    void sessionInUseRefusesAnotherThread() throws Exception {
        try (Model model = Stories.load(EngineOptions.defaults());
                KvCache cache = model.newCache(Stories.FULL, 64, 1, CacheEvents.NONE);
                Session session = model.openSession(cache, 64)) {
            List<Integer> drawn = new ArrayList<>();
            new Generation(session, greedy(model), token -> false, () -> false).run(Arrays.copyOf(TEXT, 5), 10,
                    token -> {
                        drawn.add(token);
                        for (Runnable use : List.<Runnable>of(() -> session.advance(1),
                                () -> session.extend(new int[]{1}), () -> new Generation(session, greedy(model),
                                        t -> false, () -> false).run(new int[]{1}, 1, t -> {}))) {
                            assertThatThrownBy(() -> inThread(use)).isInstanceOf(IllegalStateException.class)
                                    .hasMessage(
                                            "another thread is using this session: open one for each thread; they may share model and cache");
                        }
                    });
            assertThat(drawn).containsExactlyElementsOf(Arrays.stream(TEXT, 5, 15).boxed().toList());
            inThread(() -> session.advance(drawn.getLast())); // one after the other they may
            assertThat(session.position()).isEqualTo(15);
        }
    }

    @Test
    void modelClosedWhileOthersDecodeEndsThemWithASentence() throws Exception {
        try (Model model = Stories.load(EngineOptions.defaults());
                KvCache cache = model.newCache(Stories.ARKVALE, 512, 3, CacheEvents.NONE)) {
            var decoding = new CountDownLatch(3);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                running.add(threads.submit(() -> {
                    try (Session session = model.openSession(cache, 512)) {
                        for (int at = 0;; at++) {
                            session.step(TEXT[at % TEXT.length]);
                            if (at == 20) {
                                decoding.countDown();
                            }
                        }
                    }
                }));
            }
            decoding.await();
            model.close();
            for (Future<?> each : running) {
                assertThatThrownBy(each::get).cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("the model is closed");
            }
        }
    }

    @Test
    void modelClosedWithinAPromptEndsIt() throws Exception {
        Model model = Stories.load(EngineOptions.defaults());
        KvCache cache = model.newCache(Stories.FULL, 256, 1, CacheEvents.NONE);
        var reading = new CountDownLatch(1);
        var closing = new CountDownLatch(1);
        model.watchPrompts((done, total) -> {
            reading.countDown();
            await(closing);
        });
        Session session = model.openSession(cache, 256);
        Future<float[]> prompt = threads.submit(() -> session.prefill(Arrays.copyOf(TEXT, 100)));
        reading.await();
        Future<?> close = threads.submit(model::close);
        while (isOpen(model)) {
            Thread.onSpinWait();
        }
        closing.countDown();
        assertThatThrownBy(prompt::get).cause().hasMessageStartingWith("the model is closed");
        close.get();
        session.close();
        cache.close();
        model.close();
    }

    @Test
    void closedSessionCacheAndModelAreToldApart() {
        Model model = Stories.load(EngineOptions.defaults());
        KvCache cache = model.newCache(Stories.FULL, 64, 2, CacheEvents.NONE);
        Session closed = model.openSession(cache, 32);
        Session open = model.openSession(cache, 32);
        Batch batch = model.openBatch(cache, 1);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.step(1)).isInstanceOf(IllegalStateException.class)
                .hasMessage("this session is closed: open another one");
        batch.close();
        assertThatThrownBy(() -> batch.open(8)).isInstanceOf(IllegalStateException.class)
                .hasMessage("this batch is closed: open another one");
        cache.close();
        assertThatThrownBy(() -> open.step(1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> model.openSession(cache, 8)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the cache is closed");
        model.close();
        model.close();
        for (Runnable use : List.<Runnable>of(() -> open.prefill(TEXT), () -> model.openSession(cache, 8),
                () -> model.newCache(Stories.FULL, 64, 1, CacheEvents.NONE))) {
            assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("the model is closed");
        }
        open.close();
    }

    @Test
    void tokenizerIsShared() throws Exception {
        try (Model model = Stories.load(EngineOptions.defaults())) {
            var tokenizer = model.tokenizer().orElseThrow();
            String text = tokenizer.decode(TEXT);
            int[] alone = tokenizer.encode(text);
            assertThat(atOnce(6, i -> {
                for (int round = 0; round < 50; round++) {
                    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
                }
                return tokenizer.encode(text);
            })).allSatisfy(ids -> assertThat(ids).isEqualTo(alone));
        }
    }

    private List<int[]> together(Model model, List<KvCache> caches) throws Exception {
        return atOnce(caches.size(), i -> story(model, caches.get(i), i));
    }

    private interface Job {
        int[] run(int number) throws Exception;
    }

    private List<int[]> atOnce(int jobs, Job job) throws Exception {
        var start = new CountDownLatch(jobs);
        List<Future<int[]>> running = IntStream.range(0, jobs).mapToObj(i -> threads.submit(() -> {
            start.countDown();
            start.await();
            return job.run(i);
        })).toList();
        List<int[]> results = new ArrayList<>();
        for (Future<int[]> each : running) {
            results.add(each.get());
        }
        return results;
    }

    private void inThread(Runnable use) {
        try {
            threads.submit(use).get();
        } catch (ExecutionException e) {
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int[] story(Model model, KvCache cache, int number) {
        return story(model, cache, Arrays.copyOf(TEXT, 150 + number), 40, sampling(number));
    }

    private static int[] story(Model model, KvCache cache, int[] prompt, int tokens, SamplerOptions sampling) {
        var drawn = IntStream.builder();
        try (Session session = model.openSession(cache, prompt.length + tokens)) {
            new Generation(session, new Sampler(sampling, model.config().vocabulary()), token -> false, () -> false)
                    .run(prompt, tokens, drawn::add);
        }
        return drawn.build().toArray();
    }

    private static SamplerOptions sampling(int number) {
        return number % 2 == 0 ? SamplerOptions.greedy() : SamplerOptions.defaults(number);
    }

    private static Sampler greedy(Model model) {
        return new Sampler(SamplerOptions.greedy(), model.config().vocabulary());
    }

    private static int[] batch(Model model, KvCache cache) {
        var drawn = IntStream.builder();
        var sampler = greedy(model);
        try (Batch batch = model.openBatch(cache, 2)) {
            int[] numbers = {batch.open(256), batch.open(256)};
            batch.prefill(numbers[0], Arrays.copyOf(TEXT, 150));
            batch.prefill(numbers[1], Arrays.copyOf(TEXT, 100));
            int[] tokens = {TEXT[150], TEXT[100]};
            for (int step = 0; step < 40; step++) {
                batch.step(numbers, tokens, 2);
                for (int i = 0; i < 2; i++) {
                    tokens[i] = sampler.sample(batch.logits(), batch.offset(i));
                    drawn.add(tokens[i]);
                }
            }
        }
        return drawn.build().toArray();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOpen(Model model) {
        try {
            model.checkOpen();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
