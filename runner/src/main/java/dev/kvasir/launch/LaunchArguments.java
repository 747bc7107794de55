package dev.kvasir.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the part of the command line that the launcher needs. */
final class LaunchArguments {
    private static final Set<String> TORNADO_COMMANDS = Set.of("devices", "ptx");
    private static final Set<String> HELP = Set.of("-h", "--help", "-V", "--version");
    private static final Set<String> TEXT_OPTIONS = Set.of("-p", "--prompt", "--question", "-sp", "--system-prompt");
    private static final String ENGINE = "--engine";
    private static final String TORNADO = "tornado";

    private LaunchArguments() {}

    /** Whether the command in {@code args} runs on TornadoVM, so that the JVM needs its options. */
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

    /**
     * Whether {@code args} name benchmarks of TornadoVM: only the names of their packages and classes contain these
     * words.
     */
    static boolean nameTornado(List<String> args) {
        return args.stream().anyMatch(arg -> arg.toLowerCase(Locale.ROOT).contains(TORNADO) || arg.contains("Ladder"));
    }

    /** Replaces each {@code @file} by the words in it. That is precise enough to find the option {@code --engine}. */
    private static List<String> expanded(List<String> args) {
        List<String> words = new ArrayList<>();
        String before = "";
        for (String arg : args) {
            boolean isText = TEXT_OPTIONS.contains(before);
            before = isText ? "" : arg;
            if (isText) {
                continue; // a text may look like an option or a file
            }
            if (!arg.startsWith("@")) {
                words.add(arg);
                continue;
            }
            List<String> inFile = wordsIn(arg.substring(1));
            words.addAll(inFile.isEmpty() ? List.of(arg) : inFile); // the command itself reports a problem
        }
        return words;
    }

    /** The words in a file; empty if it cannot be read. */
    static List<String> wordsIn(String file) {
        try {
            return List.of(Files.readString(Path.of(file)).trim().split("\\s+"));
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }
}
