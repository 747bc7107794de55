package dev.kvasir.model.chat.jinja;

import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values that are computed when they are asked for, and only once: the result of {@code map}, {@code select} and others. */
final class Lazy implements Iterator<Object> {

    private final Supplier<Iterator<?>> source;
    private @Nullable Iterator<?> items;

    Lazy(Supplier<Iterator<?>> source) {
        this.source = source;
    }

    private Iterator<?> items() {
        if (items == null) {
            items = source.get();
        }
        return items;
    }

    @Override
    public boolean hasNext() {
        return items().hasNext();
    }

    @Override
    public Object next() {
        return items().next();
    }
}
