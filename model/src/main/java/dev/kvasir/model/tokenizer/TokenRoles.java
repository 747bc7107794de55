package dev.kvasir.model.tokenizer;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The role of each token, after correction. Files often mark tokens that end a turn, or that enclose a gap to fill, as
 * ordinary text. The corrections are those of llama.cpp, so that prompts have the same ids.
 */
final class TokenRoles {

    private static final Set<String> ENDS = Set.of("<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>",
            "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>",
            "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>",
            "<｜end▁of▁sentence｜>", "[e~[");
    /** The first token of each group that is in the vocabulary is a control token. */
    private static final List<List<String>> GAP_FRAMES = List.of(
            List.of("<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>",
                    "<|code_prefix|>", "<|prefix|>"),
            List.of("<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>",
                    "<|code_suffix|>", "<|suffix|>"),
            List.of("<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>",
                    "<|code_middle|>", "<|middle|>"));
    /** As {@link #GAP_FRAMES}; these tokens also end a model's text. */
    private static final List<List<String>> GAP_ENDS = List.of(
            List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"),
            List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"), List.of("<|file_sep|>"));
    private static final Set<String> SHOWN = Set.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

    /** All names that are searched. */
    private static final Set<String> NAMED = Stream.of(Stream.of(ENDS, SHOWN), GAP_FRAMES.stream(), GAP_ENDS.stream())
            .flatMap(groups -> groups)
            .flatMap(Collection::stream)
            .collect(Collectors.toUnmodifiableSet());

    private final TokenType[] types;
    private final BitSet ends = new BitSet();
    private final BitSet stripsRight = new BitSet();

    TokenRoles(Vocabulary vocabulary, SymbolTable symbols) {
        types = vocabulary.types().toArray(TokenType[]::new);
        Map<String, Integer> ids = new HashMap<>();
        NAMED.forEach(name -> {
            int id = symbols.token(name);
            if (id >= 0) {
                ids.put(name, id);
            }
        });
        GAP_FRAMES.forEach(group -> control(group, ids));
        for (var group : GAP_ENDS) {
            int id = control(group, ids);
            if (id >= 0) {
                ends.set(id);
            }
        }
        ENDS.forEach(text -> {
            int id = control(List.of(text), ids);
            if (id >= 0) {
                ends.set(id);
            }
        });
        SHOWN.forEach(text -> retype(ids, text, TokenType.USER_DEFINED));
        var special = vocabulary.special();
        for (int id : new int[]{special.eos(), special.eot(), special.eom()}) {
            if (id >= 0) {
                ends.set(id);
            }
        }
        correctFamilies(ids);
        var name = vocabulary.modelName().toLowerCase(Locale.ROOT);
        if (name.contains("phi-3") || name.contains("phi3")) {
            stripAfterSpecialTokens(vocabulary);
        }
    }

    private int control(List<String> names, Map<String, Integer> ids) {
        for (var name : names) {
            var id = ids.get(name);
            if (id != null) {
                types[id] = TokenType.CONTROL;
                return id;
            }
        }
        return -1;
    }

    private void retype(Map<String, Integer> ids, String text, TokenType type) {
        var id = ids.get(text);
        if (id != null) {
            types[id] = type;
        }
    }

    /** Corrects families in which a token with the name of an end is not an end. */
    private void correctFamilies(Map<String, Integer> ids) {
        boolean calls = ids.containsKey("<|call|>") || ids.containsKey("<|calls|>");
        if (calls && (ids.containsKey("<|return|>") && ids.containsKey("<|call|>") || ids.containsKey("<|flush|>"))) {
            noEnd(ids, "<|end|>", TokenType.USER_DEFINED);
        }
        if (ids.containsKey("<|tool_response>")) {
            noEnd(ids, "</s>", TokenType.NORMAL);
        }
    }

    private void noEnd(Map<String, Integer> ids, String text, TokenType type) {
        var id = ids.get(text);
        if (id != null) {
            types[id] = type;
            ends.clear(id);
        }
    }

    /** Phi-3 was trained without the white space after its special tokens. */
    private void stripAfterSpecialTokens(Vocabulary vocabulary) {
        var keep = Set.of("<unk>", "<s>", "<|endoftext|>");
        for (int i = 0; i < types.length; i++) {
            var text = vocabulary.tokens().get(i);
            if (isSpecial(i) && !keep.contains(text) || text.equals("</s>")) {
                stripsRight.set(i);
            }
        }
    }

    TokenType type(int id) {
        return types[id];
    }

    /** Whether the token ends a model's text. */
    boolean isEnd(int id) {
        return ends.get(id);
    }

    /** Whether the token is searched in the text before all others. */
    boolean isSpecial(int id) {
        return types[id] == TokenType.USER_DEFINED || isControl(id);
    }

    /** Whether the token is not text. */
    boolean isControl(int id) {
        return types[id] == TokenType.CONTROL || types[id] == TokenType.UNKNOWN;
    }

    /** Whether white space after the token in the text is dropped. */
    boolean stripsRight(int id) {
        return stripsRight.get(id);
    }
}
