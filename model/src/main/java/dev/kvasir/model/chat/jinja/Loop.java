package dev.kvasir.model.chat.jinja;

import java.util.List;

/** The {@code loop} of a {@code for}. */
final class Loop {

    private final List<?> items;
    private final int depth;
    private int index;
    private Object lastSeen = new Undefined("the value before");

    Loop(List<?> items, int depth) {
        this.items = items;
        this.depth = depth;
    }

    void moveTo(int newIndex) {
        index = newIndex;
    }

    Object attribute(String name, RenderLimits limits) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) items.size() - index;
            case "revindex0" -> items.size() - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> (long) items.size();
            case "depth" -> (long) depth;
            case "depth0" -> depth - 1L;
            case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("'loop.previtem'");
            case "nextitem" -> index + 1 < items.size() ? items.get(index + 1) : new Undefined("'loop.nextitem'");
            case "cycle" -> (Function) arguments -> {
                if (arguments.positional().isEmpty()) {
                    throw new JinjaException("loop.cycle needs values");
                }
                return arguments.positional().get(index % arguments.positional().size());
            };
            case "changed" -> (Function) arguments -> {
                var seen = lastSeen;
                lastSeen = arguments.positional();
                return !Values.areEqual(seen, lastSeen, limits);
            };
            default -> new Undefined("'loop." + name + "'");
        };
    }
}
