package dev.kvasir.lab.study;

import dev.kvasir.lab.Parameter;
import dev.kvasir.lab.Settings;

/** What stands in a cache before steps are timed. */
enum Fill {
    PROMPT,
    RANDOM;

    private static final String NAME = "fill";

    /** {@code --fill}. */
    static Parameter parameter(String value) {
        return new Parameter(NAME, "HOW",
                "what is in the cache before: prompt (the text is read, slow with a large model) or random (random keys and values, fast, but more recalls than a text has)",
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
