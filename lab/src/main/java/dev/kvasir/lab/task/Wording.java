package dev.kvasir.lab.task;

import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Settings;
import dev.kvasir.model.tokenizer.Tokenizer;

/** Whose words a made text is in: a small model answers only to those it was trained on. */
public enum Wording {
    /** Those of the benchmark. */
    ORIGINAL,
    /** Those that the bundled model needle-3m was trained on. */
    NEEDLE_3M;

    /** {@code --wording}. */
    static final Parameter PARAMETER = new Parameter("wording", "WHOSE",
            "original (the benchmark's), needle-3m (what the bundled model was trained on) or auto", "auto");

    private static final String BUNDLED = "tiny-retrieval-llama"; // the bundled model's general.name

    /** The choice of the user, for a model. */
    static Wording of(Settings settings, Tokenizer tokenizer) {
        return switch (settings.text(PARAMETER.name())) {
            case "original" -> ORIGINAL;
            case "needle-3m" -> NEEDLE_3M;
            default -> of(tokenizer);
        };
    }

    /** The words that a model knows best. */
    public static Wording of(Tokenizer tokenizer) {
        return tokenizer.vocabulary().modelName().equals(BUNDLED) ? NEEDLE_3M : ORIGINAL;
    }

    /** @throws IllegalArgumentException if the user's word is none of them */
    static void check(Settings settings) {
        String word = settings.text(PARAMETER.name());
        if (!word.matches("original|needle-3m|auto")) {
            throw new IllegalArgumentException("--wording '%s' is none of original, needle-3m, auto".formatted(word));
        }
    }
}
