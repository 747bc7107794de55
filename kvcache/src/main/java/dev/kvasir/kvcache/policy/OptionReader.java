package dev.kvasir.kvcache.policy;

import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy's own options. Each method returns the fallback if the option is not given, and throws an
 * {@link IllegalArgumentException} with the allowed values if the given one is wrong.
 *
 * @param policy the name of the policy
 * @param options the values of {@code --policy-opt} by name
 */
public record OptionReader(String policy, Map<String, String> options) {
    /** No option is given. */
    public static final OptionReader DEFAULTS = new OptionReader("", Map.of());

    /**
     * Reads {@code options} for the policy of a card.
     *
     * @throws IllegalArgumentException if the policy has no such option: the message lists those it has
     */
    public static OptionReader of(PolicyCard card, Map<String, String> options) {
        for (var option : options.keySet()) {
            if (!card.options().containsKey(option)) {
                throw new IllegalArgumentException("policy %s has no option '%s'; it has %s".formatted(card.name(),
                        option, card.options().isEmpty()
                                ? "none"
                                : String.join(", ", new TreeSet<>(card.options().keySet()))));
            }
        }
        return new OptionReader(card.name(), options);
    }

    /** A whole number from {@code least} to {@code most}. */
    public int integer(String key, int fallback, int least, int most) {
        var text = options.get(key);
        if (text == null) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(key, text, range(least, most), e);
        }
        throw refused(key, text, range(least, most), null);
    }

    private static String range(int least, int most) {
        return most == Integer.MAX_VALUE
                ? "a whole number from %d".formatted(least)
                : "a whole number from %d to %d".formatted(least, most);
    }

    /** A number from {@code least} to {@code most}. */
    public double number(String key, double fallback, double least, double most) {
        var text = options.get(key);
        if (text == null) {
            return fallback;
        }
        var allowed = "a number from %s to %s".formatted(plain(least), plain(most));
        try {
            double number = Double.parseDouble(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(key, text, allowed, e);
        }
        throw refused(key, text, allowed, null);
    }

    /** A share of the budget, from 0 to 1. */
    public double share(String key, double fallback) {
        return number(key, fallback, 0, 1);
    }

    /** Tokens, as a number ({@code 64}) or a share ({@code 25%}). */
    public TokenAmount tokens(String key, String fallback) {
        var text = options.getOrDefault(key, fallback).strip();
        boolean isShare = text.endsWith("%");
        var allowed = "a number of tokens (64) or a share (25%)";
        try {
            double number = isShare
                    ? Double.parseDouble(text.substring(0, text.length() - 1))
                    : Integer.parseInt(text);
            if (number >= 0 && (!isShare || number <= 100)) {
                return new TokenAmount(key, number, isShare);
            }
        } catch (NumberFormatException e) {
            throw refused(key, text, allowed, e);
        }
        throw refused(key, text, allowed, null);
    }

    /** {@code yes} or {@code no}. */
    public boolean flag(String key, boolean fallback) {
        var text = options.get(key);
        if (text == null) {
            return fallback;
        }
        return switch (text.strip()) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw refused(key, text, "yes or no", null);
        };
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /** A seed: any whole number of 64 bits. */
    public long seed(String key, long fallback) {
        var text = options.get(key);
        try {
            return text == null ? fallback : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw refused(key, text, "a whole number", e);
        }
    }

    /** One of the constants of an enum, written in lower case. */
    public <E extends Enum<E>> E choice(String key, E fallback) {
        var text = options.get(key);
        if (text == null) {
            return fallback;
        }
        var constants = fallback.getDeclaringClass().getEnumConstants();
        var allowed = new StringBuilder();
        for (int i = 0; i < constants.length; i++) {
            var name = constants[i].name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(text.strip())) {
                return constants[i];
            }
            allowed.append(i == 0 ? "" : i == constants.length - 1 ? " or " : ", ").append(name);
        }
        throw refused(key, text, allowed.toString(), null);
    }

    private IllegalArgumentException refused(String key, String text, String allowed,
            @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "policy %s: %s=%s is not understood, give %s".formatted(policy, key, text, allowed), cause);
    }
}
