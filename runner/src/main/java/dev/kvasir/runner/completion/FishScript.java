package dev.kvasir.runner.completion;

import dev.kvasir.runner.completion.Words.Flag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Lines of fish's {@code complete}. */
final class FishScript {
    private static final String HEAD = """
            # Completes the commands, options and values of kvasir in fish.
            function __kvasir_command
                set -l command ''
                for word in (commandline -opc)[2..]
                    set -l next (string trim -- "$command $word")
                    contains -- $next PATHS; and set command $next
                end
                string match -q -- '-*' (commandline -opc)[2]; and test -z "$command"; and set command run
                test "$command" = "$argv"
            end
            complete -c kvasir -f
            """;

    private FishScript() {}

    static String of(List<Words> commands) {
        var paths = commands.stream()
                .map(Words::path)
                .filter(path -> !path.isEmpty())
                .map(FishScript::quoted)
                .toList();
        var script = new StringBuilder(HEAD.replace("PATHS", String.join(" ", paths)));
        for (Words command : commands) {
            String line = "complete -c kvasir -n \"__kvasir_command '%s'\"".formatted(command.path());
            for (Words sub : commands) {
                if (isChild(command.path(), sub.path())) {
                    String name = sub.path().substring(sub.path().lastIndexOf(' ') + 1);
                    script.append("%s -a %s -d %s%n".formatted(line, name, quoted(sub.summary())));
                }
            }
            if (!command.parameters().isEmpty()) {
                script.append("%s -a %s%n".formatted(line, quoted(joined(command.parameters()))));
            }
            if (command.takesFiles()) {
                script.append(line).append(" -F\n");
            }
            command.options().forEach(flag -> script.append(line).append(option(flag)).append('\n'));
        }
        return script.toString();
    }

    private static boolean isChild(String parent, String path) {
        int blank = path.lastIndexOf(' ');
        return !path.isEmpty() && path.substring(0, Math.max(blank, 0)).equals(parent);
    }

    private static String option(Flag flag) {
        var line = new StringBuilder();
        for (String name : flag.names()) {
            String kind = name.startsWith("--") ? " -l " : name.length() == 2 ? " -s " : " -o ";
            line.append(kind).append(name.replaceFirst("^--?", ""));
        }
        if (!flag.values().isEmpty()) {
            line.append(" -x -a ").append(flag.isList() ? list(flag) : quoted(joined(flag.values())));
        } else if (flag.takesFile()) {
            line.append(" -r -F");
        } else if (flag.takesValue()) {
            line.append(" -x");
        }
        return line.append(" -d ").append(quoted(shortened(flag.meaning()))).toString();
    }

    /** Values after the last comma of a list. */
    private static String list(Flag flag) {
        var words = new ArrayList<>(flag.values());
        return "\"(set -l begun (commandline -ct | string match -r '.*[,=]'); printf '%s\\n' \\$begun{"
                + String.join(",", words) + "} | string replace -r '^--[a-z-]+=' '')\"";
    }

    private static String shortened(String meaning) {
        int end = meaning.indexOf("; ");
        String first = end > 0 ? meaning.substring(0, end) : meaning;
        return first.length() <= 60 ? first : first.substring(0, first.lastIndexOf(' ', 60)) + "…";
    }

    private static String joined(Collection<String> words) {
        return String.join(" ", words);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
