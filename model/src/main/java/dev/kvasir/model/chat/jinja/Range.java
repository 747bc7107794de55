package dev.kvasir.model.chat.jinja;

import java.util.AbstractList;
import java.util.List;

/** Python's {@code range}: numbers from a start, in steps, before a stop. */
record Range(long start, long stop, long step) {

    Range {
        if (step == 0) {
            throw new JinjaException("a range cannot have a step of 0");
        }
        if (size(start, stop, step) > RenderLimits.LONGEST_RANGE) {
            throw new JinjaException("a range has more than " + RenderLimits.LONGEST_RANGE + " numbers");
        }
    }

    private static double size(long start, long stop, long step) {
        return Math.max(0, Math.ceil(((double) stop - start) / step));
    }

    int size() {
        return (int) size(start, stop, step);
    }

    List<Object> items() {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return start + index * step;
            }

            @Override
            public int size() {
                return Range.this.size();
            }
        };
    }

    @Override
    public String toString() {
        return step == 1
                ? "range(%d, %d)".formatted(start, stop)
                : "range(%d, %d, %d)".formatted(start, stop, step);
    }
}
