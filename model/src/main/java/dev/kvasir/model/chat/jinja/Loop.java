package dev.kvasir.model.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code loop} of a {@code for}. It looks ahead only when a template asks for it, as items may depend on what the
 * body does.
 */
final class Loop {

    private final RenderLimits limits;
    private final int depth; // of recursion, from 0
    private final @Nullable Function again;
    private Iterator<?> items;
    private long length; // -1 until it is known
    private long index; // from 0; -1 before the first item
    private @Nullable Object before;
    private @Nullable Object current;
    private @Nullable Object after;
    private @Nullable List<Object> seen;

    /**
     * @param length the number of items, or -1 if it is not known yet
     * @param again renders the loop for other items, if it is recursive
     */
    Loop(Iterator<?> items, long length, int depth, @Nullable Function again, RenderLimits limits) {
        this.items = items;
        this.length = length;
        this.depth = depth;
        this.again = again;
        this.limits = limits;
        index = -1;
    }

    boolean hasNext() {
        return after != null || items.hasNext();
    }

    Object next() {
        var item = after != null ? after : items.next();
        after = null;
        index++;
        before = current;
        current = item;
        return item;
    }

    /** The items that have not come yet. */
    Iterator<?> rest() {
        throw new JinjaException("looping over loop is not supported");
    }

    long index() {
        return index + 1;
    }

    long length() {
        if (length < 0) {
            var rest = new ArrayList<Object>();
            items.forEachRemaining(item -> {
                limits.list(rest.size());
                rest.add(item);
            });
            items = rest.iterator();
            length = rest.size() + index() + (after != null ? 1 : 0);
        }
        return length;
    }

    private @Nullable Object peek() {
        if (after == null && items.hasNext()) {
            after = items.next();
        }
        return after;
    }

    Object call(CallArguments arguments) {
        if (again == null) {
            throw new JinjaException("the loop must have the 'recursive' marker to be called recursively");
        }
        return again.call(arguments);
    }

    @Nullable
    Object attribute(String name, RenderLimits renderLimits) {
        return switch (name) {
            case "index" -> index();
            case "index0" -> index;
            case "revindex" -> length() - index;
            case "revindex0" -> length() - index();
            case "first" -> index == 0;
            case "last" -> peek() == null;
            case "length" -> length();
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> before == null ? Undefined.of("'loop.previtem'") : before;
            case "nextitem" -> {
                var next = peek();
                yield next == null ? Undefined.of("'loop.nextitem'") : next;
            }
            case "cycle" -> (Function) arguments -> {
                if (arguments.positional().isEmpty()) {
                    throw new JinjaException("loop.cycle needs values");
                }
                return arguments.positional().get((int) (index % arguments.positional().size()));
            };
            case "changed" -> (Function) arguments -> changed(arguments.positional(), renderLimits);
            default -> null;
        };
    }

    private boolean changed(List<Object> values, RenderLimits renderLimits) {
        boolean changed = seen == null || !Values.areEqual(seen, values, renderLimits);
        seen = values;
        return changed;
    }
}
