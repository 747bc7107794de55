package dev.kvasir.runner.command;

import dev.kvasir.lab.run.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a run, kept in run.json so that {@code --resume -o DIR} is enough to continue it. */
final class Resumption {
    /** Options that say nothing about the results. */
    private static final Set<String> OF_THE_CALL = Set.of("--output", "--resume", "--keep-going", "--quiet",
            "--verbose");

    private Resumption() {}

    /** The options that were typed, each with its values; a switch has none. */
    static Map<String, List<String>> options(CommandSpec spec) {
        Map<String, List<String>> options = new TreeMap<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!OF_THE_CALL.contains(option.longestName())) {
                options.put(option.longestName(), isSwitch(option) ? List.of() : option.originalStringValues());
            }
        }
        return options;
    }

    private static boolean isSwitch(OptionSpec option) {
        return option.arity().max() == 0;
    }

    /**
     * The command line that continues a run: what was typed, and the run's own options for all that was not. Empty if
     * nothing is missing.
     */
    static List<String> words(CommandSpec spec, String experiment, Path folder) throws IOException {
        Map<String, List<String>> kept = Manifest.read(folder)
                .filter(run -> experiment.equals(run.settings().get(Manifest.EXPERIMENT)))
                .map(run -> new TreeMap<>(run.options()))
                .orElseGet(TreeMap::new);
        kept.keySet().removeAll(options(spec).keySet());
        if (kept.isEmpty()) {
            return List.of();
        }
        kept.putAll(options(spec));
        List<String> words = new ArrayList<>(List.of("experiment", experiment, "--resume", "--output",
                folder.toString()));
        OF_THE_CALL.stream().filter(name -> isGivenSwitch(spec, name)).sorted().forEach(words::add);
        kept.forEach((name, values) -> {
            if (values.isEmpty()) {
                words.add(name);
            }
            values.forEach(value -> words.add(name + "=" + value));
        });
        return words;
    }

    private static boolean isGivenSwitch(CommandSpec spec, String name) {
        return !name.equals("--resume") && !name.equals("--output")
                && spec.commandLine().getParseResult().hasMatchedOption(name);
    }
}
