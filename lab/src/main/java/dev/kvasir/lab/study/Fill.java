package dev.kvasir.lab.study;

import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Settings;

/** The content of a cache before steps are timed. */
enum Fill {
    PROMPT,
    RANDOM;

    private static final String NAME = "fill";

    /** {@code --fill}. */
    static Parameter parameter(String value) {
        return new Parameter(NAME, "HOW",
                "content of the cache before the steps: prompt (reads the text, slow with a large model) or random (random keys and values, fast, but with more recalls than a text)",
                value);
    }

    static Fill of(Settings settings) {
        return switch (settings.text(NAME)) {
            case "prompt" -> PROMPT;
            case "random" -> RANDOM;
            default -> throw new IllegalArgumentException(
                    "--fill %s: write prompt or random".formatted(settings.text(NAME)));
        };
    }
}
