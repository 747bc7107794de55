package dev.kvasir.model.chat.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes, methods and items of values, with the rules of Jinja's sandbox. */
final class Attributes {

    private static final Set<String> NUMBER_METHODS = Set.of("as_integer_ratio", "bit_count", "conjugate", "from_bytes",
            "to_bytes", "fromhex", "hex");

    private Attributes() {}

    /** {@code of.name}: an attribute, or else an item. */
    static Object get(Object of, String name, RenderLimits limits) {
        if (of instanceof Undefined undefined) {
            throw undefined.used();
        }
        var found = attribute(of, name, limits);
        if (found == null) {
            found = subscript(of, Text.of(name), limits);
        }
        return found == null ? Undefined.of("'" + name + "'") : found;
    }

    /** {@code of[key]}: an item, or else an attribute. */
    static Object item(Object of, Object key, RenderLimits limits) {
        if (of instanceof Undefined undefined) {
            throw undefined.used();
        }
        var found = subscript(of, key, limits);
        if (found == null && key instanceof Text name) {
            found = attribute(of, name.toString(), limits);
        }
        return found != null
                ? found
                : Undefined.of(key instanceof Text ? "'" + key + "'" : "item " + ValueText.represented(key, limits));
    }

    /** An attribute alone, without the items of a dict: the filter {@code attr}. */
    static Object only(Object of, String name, RenderLimits limits) {
        if (of instanceof Undefined undefined) {
            throw undefined.used();
        }
        var found = attribute(of, name, limits);
        return found == null ? Undefined.of("'" + name + "'") : found;
    }

    private static @Nullable Object attribute(Object of, String name, RenderLimits limits) {
        if (name.startsWith("__") && name.endsWith("__")) {
            return unsafe(of, name);
        }
        return switch (of) {
            case Text text -> TextMethods.find(text, name, limits);
            case Dict dict -> CollectionMethods.ofDict(dict, name, limits);
            case List<?> list -> CollectionMethods.ofList(list, name, limits);
            case Tuple tuple -> CollectionMethods.ofTuple(tuple, name, limits);
            case Range range -> CollectionMethods.ofRange(range, name, limits);
            case DictView view -> CollectionMethods.ofView(view, name);
            case Loop loop -> loop.attribute(name, limits);
            case Macro macro -> macro.attribute(name);
            case Namespace namespace -> namespace.fields().get(name);
            case Fields fields -> fields.attribute(name);
            case Long _,Boolean _,Double _ -> ofNumber(of, name);
            default -> null;
        };
    }

    private static @Nullable Object ofNumber(Object number, String name) {
        boolean isFloat = number instanceof Double;
        return switch (name) {
            case "real" -> isFloat ? number : (Object) Values.integer(number);
            case "imag" -> isFloat ? (Object) 0.0 : (Object) 0L;
            case "numerator" -> isFloat ? null : Values.integer(number);
            case "denominator" -> isFloat ? null : 1L;
            case "bit_length" -> isFloat ? null : (Function) a -> {
                a.positions(name, 0, 0);
                return 64L - Long.numberOfLeadingZeros(Math.absExact(Values.integer(number)));
            };
            case "is_integer" -> !isFloat ? null : (Function) a -> {
                a.positions(name, 0, 0);
                double value = Values.number(number);
                return value == Math.rint(value) && !Double.isInfinite(value);
            };
            default -> {
                if (NUMBER_METHODS.contains(name)) {
                    throw unsupported(name, number);
                }
                yield null;
            }
        };
    }

    /** An attribute that exists in Python and that the sandbox hides. */
    static Undefined unsafe(Object of, String name) {
        return new Undefined("access to the attribute '" + name + "' of " + Values.kind(of) + " is unsafe");
    }

    static JinjaException unsupported(String method, Object of) {
        return new JinjaException("the method '" + method + "' of " + Values.kind(of) + " is not supported");
    }

    private static @Nullable Object subscript(Object of, Object key, RenderLimits limits) {
        return switch (of) {
            case Dict dict -> key instanceof List<?> || key instanceof Dict ? null : dict.get(key);
            case List<?> list when Values.isInteger(key) -> at(list, Values.integer(key));
            case Tuple tuple when Values.isInteger(key) -> at(tuple.items(), Values.integer(key));
            case Range range when Values.isInteger(key) -> at(range.items(), Values.integer(key));
            case Text text when Values.isInteger(key) -> {
                limits.spend(1);
                long index = Values.integer(key);
                long at = index < 0 ? index + text.length() : index;
                yield at >= 0 && at < text.length() ? text.character((int) at) : null;
            }
            default -> null;
        };
    }

    private static @Nullable Object at(List<?> items, long index) {
        long at = index < 0 ? index + items.size() : index;
        return at >= 0 && at < items.size() ? items.get((int) at) : null;
    }

    /** A value with attributes of its own. */
    interface Fields {
        @Nullable
        Object attribute(String name);
    }
}
