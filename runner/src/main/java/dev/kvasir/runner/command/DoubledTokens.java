package dev.kvasir.runner.command;

import dev.kvasir.model.tokenizer.SpecialIds;
import dev.kvasir.model.tokenizer.Vocabulary;
import java.util.Optional;

/** Texts that have the token that begins or ends a text, to which the vocabulary adds another one. */
final class DoubledTokens {
    private DoubledTokens() {}

    /** A warning for the tokens of a whole text, if it begins or ends with the same token twice. */
    static Optional<String> warning(Vocabulary vocabulary, int[] ids) {
        SpecialIds special = vocabulary.special();
        int last = ids.length - 1;
        if (vocabulary.addBos() && last > 0 && ids[0] == special.bos() && ids[1] == special.bos()) {
            return Optional.of(sentence("begins", vocabulary.tokens().get(special.bos())));
        }
        if (vocabulary.addEos() && last > 0 && ids[last] == special.eos() && ids[last - 1] == special.eos()) {
            return Optional.of(sentence("ends", vocabulary.tokens().get(special.eos())));
        }
        return Optional.empty();
    }

    private static String sentence(String where, String token) {
        return "the text %s with two tokens %s: this model adds one, so leave it out of the text".formatted(where,
                token);
    }
}
