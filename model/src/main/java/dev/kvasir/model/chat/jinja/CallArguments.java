package dev.kvasir.model.chat.jinja;

import java.util.List;
import java.util.Map;

/** The arguments of a function, filter or test. */
record CallArguments(List<Object> positional, Map<String, Object> named) {

    static final CallArguments NONE = new CallArguments(List.of(), Map.of());

    boolean has(int index, String name) {
        return index < positional.size() || named.containsKey(name);
    }

    /** The argument at a position or with a name, or else the default. */
    Object get(int index, String name, Object otherwise) {
        return index < positional.size() ? positional.get(index) : named.getOrDefault(name, otherwise);
    }

    Object required(int index, String name) {
        if (!has(index, name)) {
            throw new JinjaException("the argument '" + name + "' is missing");
        }
        return get(index, name, None.NONE);
    }

    String text(int index, String name, String otherwise) {
        return Values.text(get(index, name, otherwise));
    }

    long integer(int index, String name, long otherwise) {
        return Values.integer(get(index, name, otherwise));
    }

    boolean flag(int index, String name, boolean otherwise) {
        return Values.isTrue(get(index, name, otherwise));
    }

    /** The arguments after the first {@code count} positional ones. */
    CallArguments after(int count) {
        return new CallArguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }
}
