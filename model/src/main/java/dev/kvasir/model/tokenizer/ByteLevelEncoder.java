package dev.kvasir.model.tokenizer;

import dev.kvasir.model.gguf.Utf8Strings;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;

/**
 * Byte-level byte-pair encoding. The vocabulary's {@link PreTokenizer} splits the text into words. A word starts as the
 * letters of its UTF-8 bytes. Neighbours merge by their rank in the merge list, the leftmost of equals first.
 */
final class ByteLevelEncoder implements TextEncoder {

    /** Words of up to this many chars are encoded only once per call. */
    private static final int REMEMBERED_CHARS = 48;
    private static final int REMEMBERED_WORDS = 1 << 16;

    private final SymbolTable symbols;
    private final PairTable pairs;
    private final ByteFallback bytes;
    private final PreTokenizer preTokenizer;
    private final int[] letterSymbols = new int[256];

    ByteLevelEncoder(Vocabulary vocabulary, SymbolTable symbols, PreTokenizer preTokenizer) {
        this.preTokenizer = preTokenizer;
        this.symbols = symbols;
        bytes = ByteFallback.letters(vocabulary, symbols);
        for (int b = 0; b < 256; b++) {
            letterSymbols[b] = symbols.intern(String.valueOf(ByteLetters.letter(b)));
        }
        var merges = Utf8Strings.copyOf(vocabulary.merges());
        pairs = new PairTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            addMerge(merges.bytes(), merges.start(rank), merges.end(rank), rank);
        }
    }

    private void addMerge(byte[] utf8, int from, int to, int rank) {
        int space = from + 1;
        while (space < to && utf8[space] != ' ') {
            space++;
        }
        if (space < to) {
            pairs.add(symbols.intern(utf8, from, space, to, to), symbols.intern(utf8, space + 1, to, to, to), rank,
                    symbols.intern(utf8, from, space, space + 1, to));
        }
    }

    @Override
    public void encode(String text, boolean opening, IntList out) {
        var merger = new PairMerger(pairs);
        var known = new HashMap<String, int[]>();
        int start = 0;
        for (int end : preTokenizer.cut(text)) {
            var word = text.substring(start, end);
            start = end;
            var ids = known.get(word);
            if (ids != null) {
                out.addAll(ids);
                continue;
            }
            int before = out.size();
            encodeWord(word, merger, out);
            if (word.length() <= REMEMBERED_CHARS && known.size() < REMEMBERED_WORDS) {
                known.put(word, out.from(before));
            }
        }
    }

    private void encodeWord(String word, PairMerger merger, IntList out) {
        byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
        if (preTokenizer.wholeWordsFirst()) {
            int id = symbols.token(letters(utf8));
            if (id >= 0) {
                out.add(id);
                return;
            }
        }
        int[] sequence = new int[utf8.length];
        for (int i = 0; i < utf8.length; i++) {
            sequence[i] = letterSymbols[utf8[i] & 0xFF];
        }
        int count = merger.merge(sequence, sequence.length, new int[sequence.length]);
        for (int i = 0; i < count; i++) {
            if (symbols.isToken(sequence[i])) {
                out.add(sequence[i]);
            } else {
                var letters = symbols.extraText(sequence[i]);
                for (int k = 0; k < letters.length(); k++) {
                    int b = ByteLetters.unsignedByte(letters.charAt(k));
                    if (b >= 0) {
                        bytes.append(b, out);
                    }
                }
            }
        }
    }

    private static String letters(byte[] utf8) {
        var letters = new char[utf8.length];
        for (int i = 0; i < utf8.length; i++) {
            letters[i] = ByteLetters.letter(utf8[i] & 0xFF);
        }
        return new String(letters);
    }
}
