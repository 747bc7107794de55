package dev.kvasir.lab;

import dev.kvasir.kvcache.option.Budget;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The user's settings: a value for every parameter of an experiment.
 *
 * @param values parameter to value, given by the user or the default
 * @param isQuick whether the user asked for the small version
 * @param seed seed of all random choices of the run
 * @param caches makes cache options, from all options that the grid does not vary
 * @param dataProblems receives data that cannot be used
 */
public record Settings(Map<String, String> values, boolean isQuick, long seed, CacheChoice caches,
        DataProblems dataProblems) {

    public Settings {
        values = Map.copyOf(values);
    }

    /** Settings with which a damaged data file ends the run. */
    public Settings(Map<String, String> values, boolean isQuick, long seed, CacheChoice caches) {
        this(values, isQuick, seed, caches, DataProblems.STRICT);
    }

    /** Whether the experiment has such a parameter. */
    public boolean has(String parameter) {
        return values.containsKey(parameter);
    }

    /**
     * The value of a parameter.
     *
     * @throws IllegalStateException if the experiment has no such parameter
     */
    public String text(String parameter) {
        String value = values.get(parameter);
        if (value == null) {
            throw new IllegalStateException("the experiment has no parameter " + parameter);
        }
        return value;
    }

    /** Whether a switch is on. */
    public boolean is(String parameter) {
        return Boolean.parseBoolean(text(parameter));
    }

    /** The words of a comma-separated list; none for an empty text. */
    public List<String> words(String parameter) {
        return Arrays.stream(text(parameter).split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    /**
     * A comma-separated list of whole numbers above 0.
     *
     * @throws IllegalArgumentException if an item is not such a number
     */
    public List<Integer> numbers(String parameter) {
        return words(parameter).stream().map(word -> positive(parameter, word)).toList();
    }

    /**
     * A whole number above 0.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public int number(String parameter) {
        return positive(parameter, text(parameter).strip());
    }

    /**
     * A comma-separated list of numbers.
     *
     * @throws IllegalArgumentException if an item is not one
     */
    public List<Double> reals(String parameter) {
        return words(parameter).stream().map(word -> {
            try {
                return Double.valueOf(word);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("--%s: '%s' is not a number".formatted(parameter, word), e);
            }
        }).toList();
    }

    /**
     * A comma-separated list of budgets.
     *
     * @throws IllegalArgumentException if an item is not one
     */
    public List<Budget> budgets(String parameter) {
        return words(parameter).stream().map(Budget::parse).toList();
    }

    private static int positive(String parameter, String word) {
        try {
            int number = Integer.parseInt(word);
            if (number > 0) {
                return number;
            }
            throw new IllegalArgumentException("--%s %d: give a number above 0".formatted(parameter, number));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--%s: '%s' is not a whole number".formatted(parameter, word), e);
        }
    }
}
