package dev.kvasir.model;

import dev.kvasir.kvcache.event.CacheEvents;
import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.plan.KvCache;
import dev.kvasir.model.Generation.Stop;
import dev.kvasir.model.bundled.BundledModel;
import dev.kvasir.model.chat.Message;
import dev.kvasir.model.engine.EngineOptions;
import dev.kvasir.model.gguf.GgufFile;
import dev.kvasir.model.gguf.GgufValue;
import dev.kvasir.model.gguf.GgufWriter;
import dev.kvasir.model.sampling.Sampler;
import dev.kvasir.model.sampling.SamplerOptions;
import dev.kvasir.model.tokenizer.DecodeOptions;
import dev.kvasir.model.tokenizer.EncodeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChatTest {
    private static final ChatOptions OPTIONS = ChatOptions.greedy()
            .withContextTokens(400)
            .withMaxTokens(30)
            .withCache(CacheOptions.FULL.toBuilder().pageSize(8).build());
    private static final String TEMPLATE = "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
            + "{% if add_generation_prompt %}[assistant] {% endif %}";
    private static final String WORDS = "Once upon a time there was a girl";

    private final OpenModel open = OpenModel.open(Oracle.gguf("stories260K"), EngineOptions.defaults());
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void theSecondTurnReadsOnlyWhatIsNewAndNoSecondBeginning() {
        try (Chat chat = open.chat(OPTIONS)) {
            Chat.Answer first = chat.say(WORDS);
            Chat.Answer second = chat.say("She saw a cat");

            int[] more = open.tokenizer().encode("She saw a cat\n", EncodeOptions.RENDERED);
            assertThat(second.report().promptTokens()).isEqualTo(more.length + 1); // and the last token of the answer
            assertThat(chat.messages()).containsExactly(Message.user(WORDS), Message.assistant(first.text()),
                    Message.user("She saw a cat"), Message.assistant(second.text()));
            assertThat(chat.stats().filled()).isPositive();

            int[] whole = concat(open.tokenizer().encode(WORDS + "\n"), drawn(first), more);
            assertThat(continued(whole, 30)).isEqualTo(second.text());
        }
    }

    @Test
    void theModelsTemplateAndTheSystemPromptAreUsed() throws Exception {
        try (OpenModel withTemplate = withTemplate(); Chat chat = withTemplate.chat(OPTIONS.withSystem("Be kind"))) {
            Chat.Answer answer = chat.say(WORDS);

            assertThat(answer.text()).isEqualTo(continued(open.tokenizer()
                    .encode("[system] Be kind\n[user] " + WORDS + "\n[assistant] "), 30));
            chat.say("more");
            chat.clear();
            assertThat(chat.messages()).containsExactly(Message.system("Be kind"));
            assertThat(chat.position()).isZero();
            assertThat(chat.say(WORDS).text()).isEqualTo(answer.text());
        }
    }

    @Test
    void aPrefixCacheSparesTheReadingOfWhatWasReadBefore() {
        var cache = OPTIONS.cache().toBuilder().prefixCache(1 << 20).build();
        String words = (WORDS + " who had a cat. ").repeat(8);
        try (Chat chat = open.chat(OPTIONS.withCache(cache)); Chat alone = open.chat(OPTIONS)) {
            Chat.Answer first = chat.say(words);
            long filled = chat.stats().filled();
            chat.clear();
            Chat.Answer second = chat.say(words + "He saw a dog. ");

            assertThat(first.text()).isEqualTo(alone.say(words).text());
            alone.clear();
            assertThat(second.text()).isEqualTo(alone.say(words + "He saw a dog. ").text());
            assertThat(chat.stats().filled() - filled).isLessThan(filled / 2);
        }
    }

    @Test
    void anAnswerEndsBeforeAStopAndTheConversationGoesOnFromThere() {
        String whole;
        try (Chat chat = open.chat(OPTIONS)) {
            whole = chat.say(WORDS).text();
        }
        String stop = whole.substring(20, 26);
        try (Chat chat = open.chat(OPTIONS.withStops("never written", stop))) {
            List<String> pieces = new ArrayList<>();
            Chat.Answer answer = chat.say(WORDS, pieces::add);

            assertThat(answer.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)))
                    .isEqualTo(String.join("", pieces));
            assertThat(answer.report().stop()).isEqualTo(Stop.STOP_TEXT);
            String next = chat.say("more").text();
            try (Chat other = open.chat(OPTIONS)) {
                assertThat(chat.messages()).hasSize(4);
                assertThat(next).isNotEqualTo(other.say("more").text());
            }
        }
    }

    @Test
    void cancelEndsAnAnswerOrAPrompt() {
        try (Chat chat = open.chat(OPTIONS)) {
            List<String> pieces = new ArrayList<>();
            Chat.Answer answer = chat.say(WORDS, piece -> {
                pieces.add(piece);
                if (pieces.size() == 3) {
                    CompletableFuture.runAsync(chat::cancel).join();
                }
            });
            assertThat(answer.report().stop()).isEqualTo(Stop.INTERRUPTED);
            assertThat(answer.text()).isEqualTo(String.join("", pieces));
            assertThat(pieces).hasSize(3);
            assertThat(chat.messages()).hasSize(2);
        }
    }

    @Test
    void cancelWithinAPromptDropsTheMessage() {
        var reading = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        open.model().watchPrompts((done, total) -> {
            reading.countDown();
            await(cancelled);
        });
        try (Chat chat = open.chat(OPTIONS)) {
            var answer = CompletableFuture.supplyAsync(() -> chat.say(WORDS));
            await(reading);
            chat.cancel();
            cancelled.countDown();
            assertThat(answer.join().report().stop()).isEqualTo(Stop.INTERRUPTED);
            assertThat(answer.join().text()).isEmpty();
            assertThat(chat.messages()).isEmpty();
            assertThat(chat.say(WORDS).text()).isNotEmpty();
        }
    }

    @Test
    void aMessageThatDoesNotFitChangesNothing() {
        try (Chat chat = open.chat(OPTIONS)) {
            chat.say(WORDS);
            List<Message> before = chat.messages();
            assertThatThrownBy(() -> chat.say(WORDS.repeat(50))).isInstanceOf(ContextLengthException.class)
                    .hasMessageContaining("the context holds 400: clear the conversation, or raise contextTokens");
            assertThat(chat.messages()).isEqualTo(before);
            assertThat(chat.say("more").text()).isNotEmpty();
        }
    }

    @Test
    void afterASinkThatFailsTheConversationIsAsBefore() {
        try (Chat chat = open.chat(OPTIONS)) {
            String first = chat.say(WORDS).text();
            List<String> pieces = new ArrayList<>();
            assertThatThrownBy(() -> chat.say("more", piece -> {
                pieces.add(piece);
                if (pieces.size() == 4) {
                    throw new IllegalArgumentException("full");
                }
            })).hasMessage("full");
            assertThat(chat.messages()).containsExactly(Message.user(WORDS), Message.assistant(first));
            String again = chat.say("more").text();
            try (Chat other = open.chat(OPTIONS)) {
                other.say(WORDS);
                assertThat(other.say("more").text()).isEqualTo(again);
            }
        }
    }

    @Test
    void oneThreadAtATimeUsesAChatAndOthersHaveTheirOwn() {
        String alone;
        try (Chat chat = open.chat(OPTIONS)) {
            alone = chat.say(WORDS).text();
        }
        try (Chat chat = open.chat(OPTIONS); Chat other = open.chat(OPTIONS)) {
            var answers = CompletableFuture.supplyAsync(() -> other.say(WORDS).text());
            List<String> refused = new ArrayList<>();
            String text = chat.say(WORDS, piece -> refused.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return chat.say("me, too").text();
                } catch (IllegalStateException e) {
                    return e.getMessage();
                }
            }).join())).text();
            assertThat(refused).containsOnly("another thread is using this chat: open one for each conversation");
            assertThat(text).isEqualTo(alone).isEqualTo(answers.join());
        }
    }

    @Test
    void aClosedChatIsASentence() {
        Chat chat = open.chat(OPTIONS);
        chat.close();
        chat.close();
        assertThatThrownBy(() -> chat.say("x")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void theSameSeedWritesTheSameAnswer() {
        var sampled = OPTIONS.withSampling(SamplerOptions.defaults(7));
        try (Chat a = open.chat(sampled); Chat b = open.chat(sampled); Chat c = open.chat(OPTIONS)) {
            String text = a.say(WORDS).text();
            assertThat(b.say(WORDS).text()).isEqualTo(text);
            assertThat(c.say(WORDS).text()).isNotEqualTo(text);
        }
    }

    @Test
    void theBundledModelIsOneCallAway() {
        try (OpenModel bundled = BundledModel.open(); Chat chat = bundled.chat(OPTIONS)) {
            assertThat(chat.say("ROMEO:").text()).isNotBlank();
        }
    }

    @Test
    void writingInTwoPartsIsWritingAtOnce() {
        String first = "Once upon a time,";
        try (KvCache cache = open.model().newCache(OPTIONS.cache(), 400, 1, CacheEvents.NONE);
                Session session = open.model().openSession(cache, 400)) {
            var answer = new StringBuilder();
            open.write(session, greedy(), first, 0, answer::append);
            open.write(session, greedy(), "there was", 20, answer::append);

            assertThat(answer.toString()).isEqualTo(continued(
                    concat(open.tokenizer().encode(first), open.tokenizer().encodeMore("there was")), 20));
        }
    }

    private String continued(int[] prompt, int tokens) {
        var text = new StringBuilder();
        var decoder = open.tokenizer().decoder(DecodeOptions.CONTINUATION);
        try (KvCache cache = open.model().newCache(OPTIONS.cache(), 400, 1, CacheEvents.NONE);
                Session session = open.model().openSession(cache, 400)) {
            new Generation(session, greedy(), open.tokenizer()::isEndOfGeneration, () -> false).run(prompt, tokens,
                    token -> text.append(decoder.next(token)));
        }
        return text.append(decoder.end()).toString();
    }

    /** The tokens of an answer, drawn again. */
    private int[] drawn(Chat.Answer answer) {
        List<Integer> tokens = new ArrayList<>();
        try (KvCache cache = open.model().newCache(OPTIONS.cache(), 400, 1, CacheEvents.NONE);
                Session session = open.model().openSession(cache, 400)) {
            new Generation(session, greedy(), open.tokenizer()::isEndOfGeneration, () -> false)
                    .run(open.tokenizer().encode(WORDS + "\n"), answer.report().newTokens(), tokens::add);
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    private Sampler greedy() {
        return new Sampler(SamplerOptions.greedy(), open.model().config().vocabulary());
    }

    private OpenModel withTemplate() throws Exception {
        Path file = folder.resolve("with-template.gguf");
        GgufFile plain = open.model().file();
        var writer = new GgufWriter();
        plain.metadata().values().forEach(writer::put);
        writer.put("tokenizer.chat_template", new GgufValue.Text(TEMPLATE));
        plain.tensors().forEach(tensor -> writer.tensor(tensor.name(), tensor.type(), tensor.dims(), tensor.data()));
        writer.write(file);
        return OpenModel.open(file, EngineOptions.defaults());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
