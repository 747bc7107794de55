package dev.kvasir.lab.task;

import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Settings;
import dev.kvasir.model.tokenizer.Tokenizer;
import java.util.List;
import java.util.Set;

/** The wording of a generated text. A small model understands only the wording of its training. */
public enum Wording {
    /** The wording of the benchmark. */
    ORIGINAL,
    /** The wording that the bundled model needle-3m was trained on. */
    NEEDLE_3M;

    /** {@code --wording}. */
    static final Parameter PARAMETER = new Parameter("wording", "NAME",
            "original (the benchmark's), needle-3m (as in the training of the bundled model) or auto", "auto")
            .choices(List.of("original", "needle-3m", "auto"));

    /** The bundled model's general.name, and the one of its first copies. */
    private static final Set<String> BUNDLED = Set.of("needle-3m", "tiny-retrieval-llama");

    /** The user's choice, resolved for a model. */
    static Wording of(Settings settings, Tokenizer tokenizer) {
        return switch (settings.text(PARAMETER.name())) {
            case "original" -> ORIGINAL;
            case "needle-3m" -> NEEDLE_3M;
            default -> of(tokenizer);
        };
    }

    /** The wording that suits a model. */
    public static Wording of(Tokenizer tokenizer) {
        return BUNDLED.contains(tokenizer.vocabulary().modelName()) ? NEEDLE_3M : ORIGINAL;
    }

    /** @throws IllegalArgumentException if the user's word is not one of them */
    static void check(Settings settings) {
        String word = settings.text(PARAMETER.name());
        if (!word.matches("original|needle-3m|auto")) {
            throw new IllegalArgumentException(
                    "--wording '%s' is not one of original, needle-3m, auto".formatted(word));
        }
    }
}
