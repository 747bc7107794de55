package dev.kvasir.kvcache.option;

import java.util.Locale;

/** How much of a sequence may stay in frames, per layer: {@code 2048} tokens, {@code 64p} pages, {@code 25%}, {@code auto}, {@code unlimited}. */
public sealed interface Budget {

    /** A number of tokens, rounded down to whole pages. */
    record Tokens(int tokens) implements Budget {
        @Override
        public String toString() {
            return Integer.toString(tokens);
        }
    }

    /** A number of pages. */
    record Pages(int pages) implements Budget {
        @Override
        public String toString() {
            return pages + "p";
        }
    }

    /** A share of the tokens a sequence was opened for, in percent, rounded up to whole pages or down to tokens; 100 % evicts nothing. */
    record Share(double percent) implements Budget {
        /** Whether it is the whole sequence. */
        boolean isAll() {
            return percent == 100;
        }

        /** The tokens of a sequence of {@code maxTokens}. */
        double tokens(int maxTokens) {
            return percent * maxTokens / 100;
        }

        @Override
        public String toString() {
            return (percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent)) + "%";
        }
    }

    /**
     * As much as the device memory holds: nothing is evicted while all sequences fit, and then each sequence keeps a part
     * of the memory by its length.
     */
    record Auto() implements Budget {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** Nothing is ever evicted. */
    record Unlimited() implements Budget {
        @Override
        public String toString() {
            return "unlimited";
        }
    }

    /** Tokens that a share may be off by: an error of floating-point numbers must not count as a token. */
    double ROUNDING = 1e-6;

    /** Nothing is ever evicted. */
    Budget UNLIMITED = new Unlimited();

    /** As much as the device memory holds. */
    Budget AUTO = new Auto();

    /** A budget of {@code tokens}. */
    static Budget tokens(int tokens) {
        return new Tokens(positive(tokens, Integer.toString(tokens)));
    }

    /** A budget of {@code pages}. */
    static Budget pages(int pages) {
        return new Pages(positive(pages, pages + "p"));
    }

    /**
     * Reads {@code 2048}, {@code 64p}, {@code 25%}, {@code auto} or {@code unlimited}.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    static Budget parse(String text) {
        var trimmed = text.strip().toLowerCase(Locale.ROOT);
        try {
            if (trimmed.equals("unlimited")) {
                return UNLIMITED;
            }
            if (trimmed.equals("auto")) {
                return AUTO;
            }
            if (trimmed.endsWith("%")) {
                double percent = Double.parseDouble(trimmed.substring(0, trimmed.length() - 1));
                if (!(percent > 0 && percent <= 100)) {
                    throw new IllegalArgumentException("budget %s is not above 0%% and up to 100%%".formatted(text));
                }
                return new Share(percent);
            }
            if (trimmed.endsWith("p")) {
                return pages(Integer.parseInt(trimmed.substring(0, trimmed.length() - 1)));
            }
            return tokens(Integer.parseInt(trimmed));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "budget '%s' is no number: write tokens (2048), pages (64p), a share (25%%), auto or unlimited"
                            .formatted(text),
                    e);
        }
    }

    /** Whole pages this budget holds of a sequence of up to {@code maxTokens}; {@link Integer#MAX_VALUE} if unlimited or auto. */
    default int pages(int pageSize, int maxTokens) {
        return switch (this) {
            case Tokens t -> t.tokens() / pageSize;
            case Pages p -> p.pages();
            case Share s ->
                s.isAll() ? Integer.MAX_VALUE : (int) Math.ceil((s.tokens(maxTokens) - ROUNDING) / pageSize);
            case Auto a -> Integer.MAX_VALUE;
            case Unlimited u -> Integer.MAX_VALUE;
        };
    }

    /** Tokens this budget holds of a sequence of up to {@code maxTokens}; {@link Integer#MAX_VALUE} if unlimited or auto. */
    default int inTokens(int pageSize, int maxTokens) {
        return switch (this) {
            case Tokens t -> t.tokens();
            case Pages p -> (int) Math.min((long) p.pages() * pageSize, Integer.MAX_VALUE);
            case Share s -> s.isAll() ? Integer.MAX_VALUE : (int) (s.tokens(maxTokens) + ROUNDING);
            case Auto a -> Integer.MAX_VALUE;
            case Unlimited u -> Integer.MAX_VALUE;
        };
    }

    private static int positive(int number, String text) {
        if (number < 1) {
            throw new IllegalArgumentException("budget %s holds nothing: give at least one page".formatted(text));
        }
        return number;
    }
}
