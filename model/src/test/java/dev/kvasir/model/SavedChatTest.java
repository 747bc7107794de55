package dev.kvasir.model;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.option.Budget;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.sampling.SamplerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SavedChatTest {
    private static final String WORDS = "Once upon a time there was a girl";

    private final OpenModel open = OpenModel.open(Oracle.gguf("stories260K"), EngineOptions.defaults());
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        open.close();
    }

    private static ChatOptions options(String policy) {
        return ChatOptions.greedy()
                .withContextTokens(400)
                .withMaxTokens(30)
                .withSampling(new SamplerOptions(0.9f, 40, 0.95f, 0, 1.1f, 16, 5))
                .withCache(CacheOptions.under(Policies.named(policy))
                        .budget(Budget.tokens(64))
                        .pageSize(8)
                        .sinkPages(1)
                        .windowPages(2)
                        .denseLayers(1)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "arkvale", "h2o"})
    void theNextAnswersAreThoseOfTheSavedConversation(String policy) throws IOException {
        Path file = folder.resolve("chat.kvs");
        try (Chat saved = open.chat(options(policy).withSystem("Tell stories."))) {
            saved.say(WORDS);
            saved.say("She saw a cat");
            saved.save(file);
            List<Integer> ids = new ArrayList<>();
            var listener = new ChatListener() {
                @Override
                public void tokens(int position, int... tokens) {
                    IntStream.of(tokens).forEach(ids::add);
                }
            };
            var others = options(policy).withSampling(new SamplerOptions(0.9f, 40, 0.95f, 0, 1.1f, 16, 77))
                    .withListener(listener);
            try (Chat restored = open.restoreChat(file, others)) {
                assertThat(restored.messages()).isEqualTo(saved.messages());
                assertThat(restored.position()).isEqualTo(saved.position()).isEqualTo(ids.size());
                assertThat(restored.seed()).isEqualTo(5);
                for (String words : List.of("The cat ran", "Then", "The end")) {
                    assertThat(restored.say(words).text()).isEqualTo(saved.say(words).text());
                }
                restored.clear();
                assertThat(restored.messages()).hasSize(1); // the system prompt of the file
            }
        }
    }

    @Test
    void aConversationCanBeSavedBeforeItsFirstMessage() throws IOException {
        Path file = folder.resolve("chat.kvs");
        try (Chat saved = open.chat(options("arkvale").withSystem("Be kind."))) {
            saved.save(file);
            try (Chat restored = open.restoreChat(file, options("arkvale"))) {
                assertThat(restored.say(WORDS).text()).isEqualTo(saved.say(WORDS).text());
            }
        }
    }

    @Test
    void aConversationWhosePromptWasStoppedIsReadAgain() throws IOException {
        Path file = folder.resolve("chat.kvs");
        var stopped = new AtomicReference<Chat>();
        var listener = new ChatListener() {
            @Override
            public void tokens(int position, int... tokens) {
                if (stopped.get() != null) {
                    stopped.get().cancel();
                }
            }
        };
        try (Chat saved = open.chat(options("arkvale").withListener(listener))) {
            saved.say(WORDS);
            stopped.set(saved);
            assertThat(saved.say("She saw a cat").text()).isEmpty();
            stopped.set(null);
            saved.save(file);
            try (Chat restored = open.restoreChat(file, options("arkvale"))) {
                assertThat(restored.messages()).hasSize(2).isEqualTo(saved.messages());
                assertThat(restored.say("more").text()).isEqualTo(saved.say("more").text());
            }
        }
    }

    @Test
    void loadPutsTheConversationOfAFileInThePlaceOfAnother() throws IOException {
        Path file = folder.resolve("chat.kvs");
        try (Chat saved = open.chat(options("arkvale")); Chat other = open.chat(options("arkvale"))) {
            saved.say(WORDS);
            saved.save(file);
            other.say("Bob had a dog");
            other.load(file);
            assertThat(other.messages()).isEqualTo(saved.messages());
            assertThat(other.say("She").text()).isEqualTo(saved.say("She").text());
        }
    }

    @Test
    void aFileThatIsRefusedLeavesTheConversationAsItIs() throws IOException {
        Path file = folder.resolve("chat.kvs");
        try (Chat saved = open.chat(options("arkvale"));
                Chat other = open.chat(options("arkvale"));
                Chat undisturbed = open.chat(options("arkvale"))) {
            saved.say(WORDS);
            saved.save(file);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 900] ^= 4;
            Files.write(file, bytes);
            other.say("Bob had a dog");
            undisturbed.say("Bob had a dog");
            assertThatThrownBy(() -> other.load(file)).isInstanceOf(FailureException.class)
                    .hasMessageContaining("have changed since they were written");
            assertThatThrownBy(() -> open.restoreChat(file, options("arkvale"))).isInstanceOf(FailureException.class);
            Files.write(file, Arrays.copyOf(bytes, 100));
            assertThatThrownBy(() -> other.load(file)).hasMessageContaining("it is cut off");
            assertThat(other.say("She").text()).isEqualTo(undisturbed.say("She").text());
        }
    }

    @Test
    void anotherContextOrSystemPromptIsRefusedWithBothValues() throws IOException {
        Path file = folder.resolve("chat.kvs");
        try (Chat saved = open.chat(options("full").withSystem("Be kind."))) {
            saved.say(WORDS);
            saved.save(file);
        }
        assertThatThrownBy(() -> open.restoreChat(file, options("full").withContextTokens(300))).hasMessage(
                file + " cannot be restored: it was saved with contextTokens 400, and here contextTokens is 300: use the same");
        assertThatThrownBy(() -> open.restoreChat(file, options("full").withSystem("Be brief."))).hasMessage(file
                + " cannot be restored: it was saved with the system prompt 'Be kind.', and here it is 'Be brief.': leave it out or use the same");
        try (Chat restored = open.restoreChat(file, options("full").withSystem("Be kind."))) {
            assertThat(restored.messages()).hasSize(3);
        }
    }

    @Test
    void aSessionWithoutConversationIsRefused() throws IOException {
        Path file = folder.resolve("session.kvs");
        try (var cache = open.model()
                .newCache(options("full").cache(), 400, 1,
                        CacheEvents.NONE);
                Session session = open.model().openSession(cache, 400)) {
            session.step(1);
            session.save(file);
        }
        assertThatThrownBy(() -> open.restoreChat(file, options("full"))).isInstanceOf(FailureException.class)
                .hasMessageEndingWith("it holds a session without a conversation; Model.restore continues it");
    }
}
