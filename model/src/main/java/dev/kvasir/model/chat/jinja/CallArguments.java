package dev.kvasir.model.chat.jinja;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a function, filter or test. */
record CallArguments(List<Object> positional, Map<String, Object> named) {

    static final CallArguments NONE = new CallArguments(List.of(), Map.of());

    static CallArguments of(Object... positional) {
        return new CallArguments(List.of(positional), Map.of());
    }

    /**
     * The arguments in the order of the parameters. Too many, too few and unknown ones are an error.
     *
     * @param required how many of the parameters have no default
     */
    Bound bind(String function, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new JinjaException("'" + function + "' takes at most " + parameters.length + " arguments, "
                    + positional.size() + " were given");
        }
        @Nullable
        Object[] values = Arrays.copyOf(positional.toArray(), parameters.length);
        var names = Arrays.asList(parameters);
        named.forEach((name, value) -> {
            int index = names.indexOf(name);
            if (index < 0 || values[index] != null) {
                throw new JinjaException("'" + function + "' "
                        + (index < 0 ? "has no argument '" + name + "'" : "has two values for '" + name + "'"));
            }
            values[index] = value;
        });
        for (int i = 0; i < required; i++) {
            if (values[i] == null) {
                throw new JinjaException("'" + function + "' needs the argument '" + parameters[i] + "'");
            }
        }
        return new Bound(values);
    }

    /** As {@link #bind}, for a function that takes no argument by name. */
    Bound positions(String function, int required, int most) {
        if (!named.isEmpty()) {
            throw new JinjaException("'" + function + "' takes no argument by name");
        }
        var parameters = new String[most];
        for (int i = 0; i < most; i++) {
            parameters[i] = Integer.toString(i + 1);
        }
        return bind(function, required, parameters);
    }

    /** The arguments after the first {@code count} positional ones. */
    CallArguments after(int count) {
        return new CallArguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }

    /** Arguments by the index of their parameter. */
    static final class Bound {

        private final @Nullable Object[] values;

        private Bound(@Nullable Object[] values) {
            this.values = values;
        }

        Object get(int index, Object otherwise) {
            var value = values[index];
            return value == null ? otherwise : value;
        }

        /** An argument that was required. */
        Object get(int index) {
            return get(index, None.NONE);
        }

        Text text(int index) {
            return Values.text(get(index));
        }

        long integer(int index, long otherwise) {
            return Values.integer(get(index, otherwise));
        }

        /** A flag that is false by default. */
        boolean flag(int index) {
            return Values.isTrue(get(index, false));
        }
    }
}
