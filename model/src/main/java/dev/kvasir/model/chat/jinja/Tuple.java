package dev.kvasir.model.chat.jinja;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A list that Python prints in round brackets. */
final class Tuple extends AbstractList<Object> implements RandomAccess {

    private final List<?> items;

    Tuple(List<?> items) {
        this.items = items;
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
