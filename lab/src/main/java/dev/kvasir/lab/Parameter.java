package dev.kvasir.lab;

/**
 * An option of an experiment: {@code --NAME VALUE}.
 *
 * @param name the option's name without the dashes
 * @param label the placeholder of its value in the help, such as {@code TOKENS,…}; empty for a switch
 * @param meaning its description in the help
 * @param value its default
 * @param quickValue its default with {@code --quick}
 */
public record Parameter(String name, String label, String meaning, String value, String quickValue) {

    /** A parameter with one default. */
    public Parameter(String name, String label, String meaning, String value) {
        this(name, label, meaning, value, value);
    }

    /** A switch: off unless given. */
    public static Parameter toggle(String name, String meaning) {
        return new Parameter(name, "", meaning, "false");
    }

    /** The same with another default for {@code --quick}. */
    public Parameter quick(String quick) {
        return new Parameter(name, label, meaning, value, quick);
    }

    /** Whether it is a switch, which takes no value. */
    public boolean isToggle() {
        return label.isEmpty();
    }
}
