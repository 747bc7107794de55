package dev.kvasir.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;

/**
 * SentencePiece's byte-pair encoding. The text starts as characters, with ▁ for a space. The two neighbours whose joint
 * text is the token of the highest score merge first, the leftmost of equals. Characters without a token become byte
 * tokens.
 */
final class SentencePieceEncoder implements TextEncoder {

    static final char SPACE = '▁';

    private final SymbolTable symbols;
    private final PairTable pairs;
    private final ByteFallback bytes;
    private final boolean addSpacePrefix;

    SentencePieceEncoder(Vocabulary vocabulary, SymbolTable symbols) {
        this.symbols = symbols;
        bytes = ByteFallback.named(vocabulary, symbols);
        addSpacePrefix = vocabulary.addSpacePrefix();
        pairs = pairs(vocabulary, symbols);
    }

    /** All pairs of symbols that form a token. Symbols are tokens and the characters of tokens. */
    private static PairTable pairs(Vocabulary vocabulary, SymbolTable symbols) {
        var tokens = vocabulary.tokens();
        int splits = 0;
        for (var token : tokens) {
            token.codePoints().forEach(c -> symbols.intern(Character.toString(c)));
            splits += Math.max(0, token.codePointCount(0, token.length()) - 1);
        }
        var ranks = ranks(vocabulary.scores());
        var pairs = new PairTable(splits);
        for (int id = 0; id < tokens.size(); id++) {
            var token = tokens.get(id);
            if (symbols.find(token) != id) {
                continue;
            }
            int rank = ranks.isEmpty() ? 0 : ranks.getOrDefault(vocabulary.scores().get(id), 0);
            for (int cut = step(token, 0); cut < token.length(); cut = step(token, cut)) {
                int left = symbols.find(token.substring(0, cut));
                int right = symbols.find(token.substring(cut));
                if (left >= 0 && right >= 0) {
                    pairs.add(left, right, rank, id);
                }
            }
        }
        return pairs;
    }

    /** Ranks from scores: the highest score merges first, equal scores share a rank. */
    private static HashMap<Float, Integer> ranks(List<Float> scores) {
        var ranks = new HashMap<Float, Integer>();
        for (var score : new TreeSet<>(scores).descendingSet()) {
            ranks.put(score, ranks.size());
        }
        return ranks;
    }

    private static int step(String text, int at) {
        return at >= text.length() ? text.length() : text.offsetByCodePoints(at, 1);
    }

    @Override
    public void encode(String text, boolean opening, IntList out) {
        var escaped = (addSpacePrefix && opening ? SPACE + text : text).replace(' ', SPACE);
        int[] characters = escaped.codePoints().toArray();
        int[] sequence = new int[characters.length];
        for (int i = 0; i < sequence.length; i++) {
            sequence[i] = symbols.find(Character.toString(characters[i]));
        }
        int[] heads = new int[sequence.length];
        int count = new PairMerger(pairs).merge(sequence, sequence.length, heads);
        for (int i = 0; i < count; i++) {
            if (symbols.isToken(sequence[i])) {
                out.add(sequence[i]);
            } else {
                // Only single characters can remain without a token.
                for (byte b : Character.toString(characters[heads[i]]).getBytes(StandardCharsets.UTF_8)) {
                    bytes.append(b & 0xFF, out);
                }
            }
        }
    }
}
