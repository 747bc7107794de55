package dev.kvasir.model.tokenizer;

import dev.kvasir.model.gguf.Utf8Strings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ids for the texts that occur during merging. A token's symbol is its token id. Texts that are only parts of tokens
 * have ids from the size of the vocabulary upward. It uses open addressing over the UTF-8 of the vocabulary, because
 * loading looks up each merge three times.
 */
final class SymbolTable {

    private final Utf8Strings tokens;
    private final List<byte[]> extra = new ArrayList<>();
    private int[] slots; // a symbol plus 1, or 0
    private int mask;
    private int used;

    /** The symbols of the tokens. If tokens have the same text, the first one counts. */
    SymbolTable(List<String> tokens) {
        this.tokens = Utf8Strings.copyOf(tokens);
        slots = new int[Integer.highestOneBit(Math.max(8, tokens.size())) << 2];
        mask = slots.length - 1;
        for (int id = 0; id < tokens.size(); id++) {
            addToken(id);
        }
    }

    /** The symbol of a text, or -1. */
    int find(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return slots[slot(utf8, 0, utf8.length, utf8.length, utf8.length)] - 1;
    }

    /** The token of a text, or -1. */
    int token(String text) {
        int id = find(text);
        return id < tokens.size() ? id : -1;
    }

    /** The symbol of a text. Creates it if it does not exist. */
    int intern(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return intern(utf8, 0, utf8.length, utf8.length, utf8.length);
    }

    /**
     * The symbol of the UTF-8 bytes {@code from..to-1} followed by {@code rest..end-1}. Creates it if it does not
     * exist.
     */
    int intern(byte[] utf8, int from, int to, int rest, int end) {
        int slot = slot(utf8, from, to, rest, end);
        if (slots[slot] == 0) {
            byte[] text = Arrays.copyOfRange(utf8, from, to + end - rest);
            System.arraycopy(utf8, rest, text, to - from, end - rest);
            extra.add(text);
            slots[slot] = tokens.size() + extra.size();
            grow();
            return tokens.size() + extra.size() - 1;
        }
        return slots[slot] - 1;
    }

    /** Whether a symbol is a token. */
    boolean isToken(int symbol) {
        return symbol >= 0 && symbol < tokens.size();
    }

    /** The text of a symbol that is not a token. */
    String extraText(int symbol) {
        return new String(extra.get(symbol - tokens.size()), StandardCharsets.UTF_8);
    }

    private void addToken(int id) {
        int end = tokens.end(id);
        int slot = slot(tokens.bytes(), tokens.start(id), end, end, end);
        if (slots[slot] == 0) {
            slots[slot] = id + 1;
            used++;
        }
    }

    private void grow() {
        if (++used <= slots.length / 2) {
            return;
        }
        slots = new int[2 * slots.length];
        mask = slots.length - 1;
        used = 0;
        for (int id = 0; id < tokens.size(); id++) {
            addToken(id);
        }
        for (int i = 0; i < extra.size(); i++) {
            byte[] text = extra.get(i);
            slots[slot(text, 0, text.length, text.length, text.length)] = tokens.size() + i + 1;
            used++;
        }
    }

    /** The slot of a text, or the free slot for it. */
    private int slot(byte[] utf8, int from, int to, int rest, int end) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + utf8[i];
        }
        for (int i = rest; i < end; i++) {
            hash = 31 * hash + utf8[i];
        }
        int slot = (hash * 0x9E3779B1 >>> 7) & mask;
        while (slots[slot] != 0 && !isText(slots[slot] - 1, utf8, from, to, rest, end)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean isText(int symbol, byte[] utf8, int from, int to, int rest, int end) {
        boolean token = symbol < tokens.size();
        byte[] text = token ? tokens.bytes() : extra.get(symbol - tokens.size());
        int start = token ? tokens.start(symbol) : 0;
        int length = (token ? tokens.end(symbol) : text.length) - start;
        return length == to - from + end - rest
                && Arrays.equals(text, start, start + to - from, utf8, from, to)
                && Arrays.equals(text, start + to - from, start + length, utf8, rest, end);
    }
}
