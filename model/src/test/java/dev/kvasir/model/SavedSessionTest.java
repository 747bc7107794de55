package dev.kvasir.model;

import dev.kvasir.kernels.page.KvType;
import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.bundled.BundledModel;
import dev.kvasir.model.engine.EngineKind;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whole models: what is restored from a file goes on as what was saved. */
class SavedSessionTest {
    private static final int[] TEXT = Stories.greedyText();
    private static final int CONTEXT = 300;

    private final Model model = Stories.load(EngineOptions.defaults());
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        model.close();
    }

    private static CacheOptions options(String policy) {
        return CacheOptions.under(Policies.named(policy))
                .budget(Budget.tokens(64))
                .pageSize(8)
                .sinkPages(1)
                .windowPages(2)
                .denseLayers(1)
                .build();
    }

    private KvCache cache(CacheOptions options) {
        return model.newCache(options, CONTEXT, 1, CacheEvents.NONE);
    }

    @ParameterizedTest
    @CsvSource({"full, 101, 20", "arkvale, 101, 20", "arkvale, 96, 8", "h2o, 101, 20", "keyformer, 10, 100"})
    void fiftyTokensAreDrawnFromTheSameLogits(String policy, int prompt, int steps) throws IOException {
        Path file = folder.resolve("session.kvs");
        var drawing = new SamplerOptions(0.9f, 40, 0.95f, 0, 1.1f, 16, 5);
        try (KvCache cache = cache(options(policy));
                KvCache other = cache(options(policy));
                Session saved = model.openSession(cache, CONTEXT)) {
            var sampler = new Sampler(drawing, model.config().vocabulary());
            saved.prefill(Arrays.copyOf(TEXT, prompt));
            for (int i = 0; i < steps; i++) {
                int token = sampler.sample(saved.logits());
                sampler.accept(token);
                saved.advance(token);
            }
            saved.save(file, sampler);
            var restoredSampler = new Sampler(new SamplerOptions(0.9f, 40, 0.95f, 0, 1.1f, 16, 0),
                    model.config().vocabulary());
            try (Session restored = model.restore(other, file, restoredSampler)) {
                assertThat(restored.position()).isEqualTo(saved.position());
                assertThat(restored.capacity()).isEqualTo(CONTEXT);
                assertThat(restoredSampler.seed()).isEqualTo(5);
                for (int i = 0; i < 50; i++) {
                    assertThat(Arrays.equals(restored.logits(), saved.logits())).as("logits %d", i).isTrue();
                    assertThat(restored.mostLikely()).isEqualTo(saved.mostLikely());
                    int token = sampler.sample(saved.logits());
                    assertThat(restoredSampler.sample(restored.logits())).isEqualTo(token);
                    sampler.accept(token);
                    restoredSampler.accept(token);
                    saved.advance(token);
                    restored.advance(token);
                }
            }
        }
    }

    @Test
    void anEmptySessionIsRestoredEmpty() throws IOException {
        Path file = folder.resolve("empty.kvs");
        try (KvCache cache = model.newCache(options("arkvale"), CONTEXT, 2, CacheEvents.NONE);
                Session empty = model.openSession(cache, CONTEXT)) {
            empty.save(file);
            try (Session restored = model.restore(cache, file)) {
                assertThat(restored.position()).isZero();
                assertThat(restored.prefill(Arrays.copyOf(TEXT, 70)).clone())
                        .isEqualTo(empty.prefill(Arrays.copyOf(TEXT, 70)));
            }
        }
    }

    private byte[] saved(Path file, CacheOptions options) throws IOException {
        try (KvCache cache = cache(options); Session session = model.openSession(cache, CONTEXT)) {
            session.prefill(Arrays.copyOf(TEXT, 101));
            session.save(file, new Sampler(SamplerOptions.greedy(), model.config().vocabulary()));
        }
        return Files.readAllBytes(file);
    }

    private String refusal(Path file, CacheOptions options) {
        try (KvCache cache = cache(options)) {
            var refusal = new String[1];
            assertThatThrownBy(() -> model.restore(cache, file)).isInstanceOf(FailureException.class)
                    .satisfies(e -> refusal[0] = String.valueOf(e.getMessage()));
            assertThat(cache.stats().deviceBytes()).isZero();
            return refusal[0];
        }
    }

    @Test
    void aCutFileIsRefusedWhereverItIsCut() throws IOException {
        Path file = folder.resolve("cut.kvs");
        byte[] whole = saved(file, options("arkvale"));
        for (int i = 0; i < 16; i++) {
            Files.write(file, Arrays.copyOf(whole, (int) ((long) i * whole.length / 16)));
            assertThat(refusal(file, options("arkvale"))).startsWith(file.toString())
                    .matches(i == 0 ? ".* is not a saved session: .*" : ".* cannot be restored: it is cut off.*");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 3));
        assertThat(refusal(file, options("arkvale"))).isEqualTo("%s cannot be restored: it has %d bytes in place of %d"
                .formatted(file, whole.length + 3, whole.length));
    }

    @Test
    void oneChangedBitIsRefusedInWhicheverSection() throws IOException {
        Path file = folder.resolve("bit.kvs");
        byte[] whole = saved(file, options("arkvale"));
        var sections = new TreeSet<String>();
        for (int at = 12; at < whole.length; at += at < 400 ? 9 : at < 2000 ? 101 : 1777) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 8);
            Files.write(file, changed);
            String refusal = refusal(file, options("arkvale"));
            assertThat(refusal).as("byte %d", at).contains("have changed since they were written");
            sections.add(refusal.replaceAll(".*section '([^']*)'.*", "$1"));
        }
        assertThat(sections).contains("session", "sampler", "sequence", "logits", "pages of layer 0",
                "contents of layer 0", "contents of layer 4");
    }

    @Test
    void anotherModelIsRefusedByName() throws IOException {
        Path file = folder.resolve("stories.kvs");
        saved(file, options("full"));
        try (OpenModel other = BundledModel.open();
                KvCache cache = other.model().newCache(options("full"), CONTEXT, 1, CacheEvents.NONE)) {
            assertThatThrownBy(() -> other.model().restore(cache, file)).isInstanceOf(FailureException.class)
                    .hasMessageMatching(
                            ".*stories.kvs cannot be restored: it was saved with the model stories260K.*gguf \\([0-9a-f]{12}\\), and this is .*gguf \\([0-9a-f]{12}\\): use the same model");
        }
    }

    @Test
    void aCopyOfTheModelUnderAnotherNameIsTheSameModel() throws IOException {
        Path file = folder.resolve("stories.kvs");
        saved(file, options("full"));
        Path copy = Files.copy(model.file().path(), folder.resolve("copy.gguf"));
        try (Model same = Model.load(copy, EngineOptions.defaults());
                KvCache cache = same.newCache(options("full"), CONTEXT, 1, CacheEvents.NONE);
                Session restored = same.restore(cache, file)) {
            assertThat(restored.position()).isEqualTo(101);
        }
    }

    @Test
    void anotherVersionAndOtherOptionsAreRefusedWithBothValues() throws IOException {
        Path file = folder.resolve("session.kvs");
        byte[] whole = saved(file, options("arkvale"));
        assertThat(refusal(file, options("arkvale").toBuilder().kvType(KvType.F32).build())).endsWith(
                "cannot be restored: it was saved with CacheOptions.kvType F16, and here CacheOptions.kvType is F32: use the same");
        ByteBuffer.wrap(whole).putInt(8, 2);
        Files.write(file, whole);
        assertThat(refusal(file, options("arkvale"))).isEqualTo(
                "%s is a session of format 2, and this version of Kvasir reads format 1: use the version that saved it"
                        .formatted(file));
    }

    @Test
    void aPlaceThatCannotBeWrittenLeavesTheOldFileAndNothingBesideIt() throws IOException {
        Path file = folder.resolve("old.kvs");
        byte[] old = saved(file, options("full"));
        try (Model onGraphs = Stories.load(EngineOptions.defaults().withKind(EngineKind.SIM));
                KvCache cache = onGraphs.newCache(options("full"), 64, 1, CacheEvents.NONE);
                Session session = onGraphs.openSession(cache, 64)) {
            session.step(1);
            assertThatThrownBy(() -> session.save(file)).isInstanceOf(FailureException.class)
                    .hasMessage(
                            "the session cannot be saved to %s: the pages of this engine cannot be saved: set EngineOptions.kind to vector or reference"
                                    .formatted(file));
        }
        assertThat(file).hasBinaryContent(old);
        try (KvCache cache = cache(options("full")); Session session = model.openSession(cache, CONTEXT)) {
            session.step(1);
            assertThatThrownBy(() -> session.save(folder)).isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("this is a folder; name a file");
            assertThatThrownBy(() -> session.save(folder.resolve("none/s.kvs")))
                    .hasMessageContaining("there is no folder");
            var head = new SessionFile.Head(CONTEXT, 1);
            assertThatThrownBy(() -> SessionFile.write(file, model.file(), head, null, null, out -> {
                throw new IOException("No space left on device");
            })).isInstanceOf(FileSystemException.class).hasMessage(file + ": No space left on device");
            assertThat(file).hasBinaryContent(old);
            Path readOnly = Path.of("/proc/s.kvs");
            if (Files.isDirectory(Path.of("/proc"))) {
                assertThatThrownBy(() -> session.save(readOnly)).isInstanceOf(FileSystemException.class)
                        .hasMessageStartingWith("/proc/s.kvs: ");
            }
            assertThatThrownBy(() -> model.restore(cache, folder.resolve("none.kvs")))
                    .isInstanceOf(NoSuchFileException.class);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aSamplerIsRestoredOnlyIfItWasSaved() throws IOException {
        Path file = folder.resolve("plain.kvs");
        try (KvCache cache = cache(options("full"))) {
            try (Session session = model.openSession(cache, CONTEXT)) {
                session.step(1);
                session.save(file);
            }
            assertThatThrownBy(() -> model.restore(cache, file,
                    new Sampler(SamplerOptions.greedy(), model.config().vocabulary())))
                    .hasMessageEndingWith("it was saved without a sampler; restore it without one");
            try (Session restored = model.restore(cache, file)) {
                assertThat(restored.position()).isEqualTo(1);
            }
        }
    }
}
