package dev.kvasir.lab;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * An option of an experiment: {@code --NAME VALUE}.
 *
 * @param name the option's name without the dashes
 * @param label the placeholder of its value in the help, such as {@code TOKENS,…}; empty for a switch
 * @param meaning its description in the help
 * @param value its default
 * @param quickValue its default with {@code --quick}
 * @param choices all its values, if they can be listed; for the completion of shells
 */
public record Parameter(String name, String label, String meaning, String value, String quickValue,
        List<String> choices) {

    /** A parameter with one default. */
    public Parameter(String name, String label, String meaning, String value) {
        this(name, label, meaning, value, value, List.of());
    }

    /** A switch: off unless given. */
    public static Parameter toggle(String name, String meaning) {
        return new Parameter(name, "", meaning, "false");
    }

    /** The same with another default for {@code --quick}. */
    public Parameter quick(String quick) {
        return new Parameter(name, label, meaning, value, quick, choices);
    }

    /** The same with a list of all its values. */
    public Parameter choices(Collection<String> values) {
        return new Parameter(name, label, meaning, value, quickValue, List.copyOf(values));
    }

    /** The files or folders that a value of this parameter names; none if it is of another kind. */
    public List<String> paths(String given) {
        return switch (label) {
            case "FILE,…" ->
                Arrays.stream(given.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
            case "FILE", "DIR" -> given.isEmpty() ? List.of() : List.of(given);
            default -> List.of();
        };
    }

    /** Whether it is a switch, which takes no value. */
    public boolean isToggle() {
        return label.isEmpty();
    }
}
