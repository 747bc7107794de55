package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** The value that a filter's {@code attribute='a.b.0'} names. */
final class Paths {

    private Paths() {}

    /**
     * A value's part by a path.
     *
     * @param path names and indexes with dots between, an integer, or none for the value itself
     */
    static Object get(Object value, Object path, RenderLimits limits) {
        Object at = value;
        for (var step : steps(path)) {
            at = Attributes.item(at, step, limits);
        }
        return at;
    }

    /** The same, with another value wherever a step finds nothing. */
    static Object get(Object value, Object path, Object otherwise, RenderLimits limits) {
        if (otherwise == None.NONE) {
            return get(value, path, limits);
        }
        Object at = value;
        for (var step : steps(path)) {
            at = Attributes.item(at, step, limits);
            at = at instanceof Undefined ? otherwise : at;
        }
        return at;
    }

    private static List<Object> steps(Object path) {
        if (path == None.NONE) {
            return List.of();
        }
        if (!(path instanceof Text text)) {
            return List.of(path);
        }
        var steps = new ArrayList<Object>();
        for (var part : Strings.split(text, Text.of("."), -1)) {
            var step = (Text) part;
            boolean index = step.length() < 10 && Letters.all(step, c -> c >= '0' && c <= '9');
            steps.add(index ? (Object) Long.valueOf(step.toString()) : step);
        }
        return steps;
    }
}
