package dev.kvasir.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.model.gguf.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Vocabularies for tests: made here, or read from the test resources. */
final class TestVocabularies {

    static final SpecialIds NO_SPECIAL = new SpecialIds(-1, -1, -1, -1, -1, -1);

    private static final Map<String, Tokenizer> TOKENIZERS = new ConcurrentHashMap<>();

    private TestVocabularies() {}

    static Vocabulary byteLevel(String preTokenizer, List<String> tokens, List<String> merges) {
        return new Vocabulary("test", "", "gpt2", preTokenizer, tokens, List.of(),
                Collections.nCopies(tokens.size(), TokenType.NORMAL), merges, NO_SPECIAL, false, false, false);
    }

    /**
     * A vocabulary whose ids show where words end: every two bytes merge, in a scrambled order, and never further. The
     * reference ids in {@code pretokenizers.json} were made with the same one.
     */
    static Vocabulary probe(String preTokenizer) {
        var tokens = new ArrayList<String>();
        var merges = new ArrayList<String>();
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteLetters.letter(b)));
        }
        for (int pair = 0; pair < 65536; pair++) {
            tokens.add(tokens.get(pair >> 8) + tokens.get(pair & 255));
        }
        for (int rank = 0; rank < 65536; rank++) {
            int pair = (int) ((rank * 40503L + 12345) % 65536);
            merges.add(tokens.get(pair >> 8) + " " + tokens.get(pair & 255));
        }
        return byteLevel(preTokenizer, tokens, merges);
    }

    /** The tokenizer of {@code ggml-vocab-NAME.gguf}. */
    static Tokenizer tokenizer(String name) {
        return TOKENIZERS.computeIfAbsent(name, n -> {
            try (var file = GgufFile.open(Path.of(
                    TestVocabularies.class.getResource("/vocab/ggml-vocab-" + n + ".gguf").toURI()))) {
                return Tokenizer.from(file);
            } catch (IOException | URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static JsonNode json(String resource) {
        try (var in = TestVocabularies.class.getResourceAsStream("/vocab/" + resource)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String resource) {
        try (var in = TestVocabularies.class.getResourceAsStream("/vocab/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int[] ids(JsonNode array) {
        var ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).asInt();
        }
        return ids;
    }
}
