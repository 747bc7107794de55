package dev.kvasir.model.chat.jinja;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions that every template can call. */
final class Globals {

    private Globals() {}

    /** Defines them in a scope. */
    static void define(Scope scope, Clock clock, RenderLimits limits) {
        scope.set("raise_exception", (Function) a -> {
            throw JinjaException.raised(
                    ValueText.text(a.bind("raise_exception", 1, "message").get(0), limits).toString());
        });
        scope.set("strftime_now", (Function) a -> Text.of(DateText.format(LocalDateTime.now(clock),
                a.bind("strftime_now", 1, "format").text(0).toString())));
        scope.set("range", (Function) Globals::range);
        scope.set("namespace", (Function) a -> new Namespace(dict("namespace", a, limits)));
        scope.set("dict", (Function) a -> dict("dict", a, limits));
        scope.set("cycler", (Function) a -> new Cycler(a.positional()));
        scope.set("joiner", (Function) a -> joiner(Values.text(a.bind("joiner", 0, "sep").get(0, Text.of(", ")))));
        scope.set("lipsum", (Function) a -> {
            throw new JinjaException("the function 'lipsum' is not supported: its text is random");
        });
    }

    private static Range range(CallArguments arguments) {
        var a = arguments.positions("range", 1, 3);
        return arguments.positional().size() == 1
                ? new Range(0, a.integer(0, 0), 1)
                : new Range(a.integer(0, 0), a.integer(1, 0), a.integer(2, 1));
    }

    private static Dict dict(String name, CallArguments arguments, RenderLimits limits) {
        var made = new Dict();
        if (arguments.positional().size() > 1) {
            throw new JinjaException("'" + name + "' takes at most 1 argument that is not named");
        }
        for (var given : arguments.positional()) {
            if (given instanceof Dict dict) {
                made.putAll(dict);
                continue;
            }
            for (var pair : Values.items(given, limits)) {
                var parts = Values.items(pair, limits);
                if (parts.size() != 2) {
                    throw new JinjaException("'" + name + "' needs pairs of a key and a value");
                }
                made.put(parts.get(0), parts.get(1));
            }
        }
        arguments.named().forEach((key, value) -> made.put(Text.of(key), value));
        return made;
    }

    private static Function joiner(Text separator) {
        return new Function() {
            private boolean used;

            @Override
            public Object call(CallArguments arguments) {
                var text = used ? separator : Text.EMPTY;
                used = true;
                return text;
            }
        };
    }

    /** Values in turn: {@code next()}, {@code current} and {@code reset()}. */
    private static final class Cycler implements Attributes.Fields {
        private final List<Object> values;
        private int at;

        Cycler(List<Object> values) {
            if (values.isEmpty()) {
                throw new JinjaException("'cycler' needs values");
            }
            this.values = values;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "current" -> values.get(at);
                case "pos" -> (long) at;
                case "items" -> new Tuple(values);
                case "next" -> (Function) a -> {
                    var value = values.get(at);
                    at = (at + 1) % values.size();
                    return value;
                };
                case "reset" -> (Function) a -> {
                    at = 0;
                    return None.NONE;
                };
                default -> null;
            };
        }
    }
}
