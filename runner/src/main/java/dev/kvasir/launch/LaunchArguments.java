package dev.kvasir.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** As much of the command line as the launcher must understand. */
final class LaunchArguments {
    private static final Set<String> TORNADO_COMMANDS = Set.of("devices", "ptx");
    private static final Set<String> HELP = Set.of("-h", "--help", "-V", "--version");
    private static final String ENGINE = "--engine";
    private static final String TORNADO = "tornado";

    private LaunchArguments() {}

    /** Whether what {@code args} ask for runs on TornadoVM, so that the JVM must be started with its options. */
    static boolean askForTornado(List<String> args) {
        List<String> words = expanded(args);
        if (words.isEmpty() || !Collections.disjoint(words, HELP)) {
            return false;
        }
        int engine = words.lastIndexOf(ENGINE);
        return TORNADO_COMMANDS.contains(words.get(0))
                || words.contains(ENGINE + "=" + TORNADO)
                || engine >= 0 && engine + 1 < words.size() && words.get(engine + 1).equals(TORNADO);
    }

    /** Whether benchmarks are asked for by a name that only those of TornadoVM have: they are in a package of that name. */
    static boolean nameTornado(List<String> args) {
        return args.stream().anyMatch(arg -> arg.toLowerCase(Locale.ROOT).contains(TORNADO) || arg.contains("Ladder"));
    }

    /** Replaces each {@code @file} by the words in it, near enough to find an engine among them. */
    private static List<String> expanded(List<String> args) {
        List<String> words = new ArrayList<>();
        for (String arg : args) {
            if (!arg.startsWith("@")) {
                words.add(arg);
                continue;
            }
            try {
                words.addAll(List.of(Files.readString(Path.of(arg.substring(1))).trim().split("\\s+")));
            } catch (IOException | RuntimeException e) {
                words.add(arg); // the command itself tells what is wrong with it
            }
        }
        return words;
    }
}
