package dev.kvasir.runner.completion;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.runner.option.Candidates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The words that may follow in a command line.
 *
 * @param path the command and its parents after {@code kvasir}, such as {@code experiment passkey}; empty for itself
 * @param summary its line in the list of commands
 * @param commands the names of its sub-commands
 * @param options its options
 * @param parameters the values of its positional parameters, if they can be listed
 * @param takesFiles whether its positional parameters are files
 */
record Words(String path, String summary, List<String> commands, List<Flag> options, Collection<String> parameters,
        boolean takesFiles) {

    /**
     * An option.
     *
     * @param names its names with their dashes
     * @param meaning its description
     * @param takesValue whether a value follows
     * @param isList whether the value may be a list with commas
     * @param values its values, if they can be listed
     * @param takesFile whether its value is a file or folder
     */
    record Flag(List<String> names, String meaning, boolean takesValue, boolean isList, Collection<String> values,
            boolean takesFile) {}

    /** The words of a command line and of all its sub-commands. */
    static List<Words> of(CommandLine root) {
        var all = new ArrayList<Words>();
        add(all, root, "");
        return all;
    }

    private static void add(List<Words> all, CommandLine line, String path) {
        CommandSpec spec = line.getCommandSpec();
        String[] description = spec.usageMessage().description();
        all.add(new Words(path, description.length == 0 ? "" : description[0],
                List.copyOf(line.getSubcommands().keySet()),
                spec.options().stream().filter(option -> !option.hidden()).map(Words::flag).toList(),
                parameters(path),
                spec.positionalParameters().stream().anyMatch(Words::isFile)));
        line.getSubcommands().forEach((name, sub) -> add(all, sub, path.isEmpty() ? name : path + " " + name));
    }

    private static Collection<String> parameters(String path) {
        return switch (path) {
            case "policies" -> Policies.byName().keySet();
            case "completion" -> Arrays.stream(Shell.values()).map(Shell::word).toList();
            default -> List.of();
        };
    }

    private static Flag flag(OptionSpec option) {
        String[] description = option.description();
        Collection<String> values = Candidates.of(option);
        return new Flag(List.of(option.names()), description.length == 0 ? "" : description[0],
                option.arity().max() > 0, option.paramLabel().endsWith(",…") || !option.splitRegex().isEmpty(), values,
                values.isEmpty() && isFile(option));
    }

    private static boolean isFile(ArgSpec argument) {
        return argument.typeInfo().getType() == Path.class || argument.typeInfo().getType() == List.class
                && argument.auxiliaryTypes()[0] == Path.class
                || argument.paramLabel().matches(".*(FILE|FOLDER|DIR|JARS|\\.gguf|\\.jsonl).*");
    }
}
