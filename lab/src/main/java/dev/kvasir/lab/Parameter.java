package dev.kvasir.lab;

/**
 * One thing users can set in an experiment: {@code --NAME VALUE}.
 *
 * @param name the option's name without the dashes
 * @param label what stands for its value in the help, such as {@code TOKENS,…}; empty for a switch without one
 * @param meaning what it does, for the help
 * @param value what it is if it is not given
 * @param quickValue what it is under {@code --quick} if it is not given
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

    /** The same with another default under {@code --quick}. */
    public Parameter quick(String quick) {
        return new Parameter(name, label, meaning, value, quick);
    }

    /** Whether it is a switch, given without a value. */
    public boolean isToggle() {
        return label.isEmpty();
    }
}
