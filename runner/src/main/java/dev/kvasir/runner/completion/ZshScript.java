package dev.kvasir.runner.completion;

import java.util.List;

/** The function of bash under zsh's own emulation of bash's completion. */
final class ZshScript {
    private static final String HEAD = """
            #compdef kvasir
            autoload -U +X compinit bashcompinit
            (( $+functions[compdef] )) || compinit
            bashcompinit
            """;

    private ZshScript() {}

    static String of(List<Words> commands) {
        return HEAD + BashScript.of(commands);
    }
}
