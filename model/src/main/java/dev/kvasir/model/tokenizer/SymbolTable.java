package dev.kvasir.model.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ids for the texts that merging meets. A token's symbol is its token id; texts that only occur on the way to a token get
 * ids from the size of the vocabulary upward.
 */
final class SymbolTable {

    private final int tokens;
    private final Map<String, Integer> ids;
    private final List<String> extra = new ArrayList<>();

    /** The symbols of the tokens; of tokens with the same text, the first. */
    SymbolTable(List<String> tokens) {
        this.tokens = tokens.size();
        this.ids = HashMap.newHashMap(2 * tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            ids.putIfAbsent(tokens.get(i), i);
        }
    }

    /** The symbol of a text, or -1. */
    int find(String text) {
        return ids.getOrDefault(text, -1);
    }

    /** The token of a text, or -1. */
    int token(String text) {
        int id = find(text);
        return id < tokens ? id : -1;
    }

    /** The symbol of a text, new if need be. */
    int intern(String text) {
        var known = ids.get(text);
        if (known != null) {
            return known;
        }
        int id = tokens + extra.size();
        ids.put(text, id);
        extra.add(text);
        return id;
    }

    /** Whether a symbol is a token. */
    boolean isToken(int symbol) {
        return symbol >= 0 && symbol < tokens;
    }

    /** The text of a symbol that is no token. */
    String extraText(int symbol) {
        return extra.get(symbol - tokens);
    }
}
