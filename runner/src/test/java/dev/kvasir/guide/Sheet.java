package dev.kvasir.guide;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A picture being drawn, as SVG: the same bytes on every machine, colours that follow the reader's light or dark page, no
 * background. Refuses text that leaves the picture or its box, or that lies on other text.
 */
final class Sheet {
    /** Units of a picture's width: its text stays readable on a telephone. */
    static final int WIDTH = 560;

    /** Where text stands beside its place. */
    enum Align {
        START,
        MIDDLE,
        END
    }

    private record Area(String what, double left, double top, double right, double bottom) {
        boolean meets(Area other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }

        boolean holds(Area other) {
            return left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom;
        }
    }

    private static final double MARGIN = 3;
    private static final double HEAD = 9;

    private final double height;
    private final String title;
    private final List<String> shapes = new ArrayList<>();
    private final List<Area> texts = new ArrayList<>();
    private final List<Area> boxes = new ArrayList<>();
    private final Set<Type> types = EnumSet.noneOf(Type.class);
    private final Set<String> variables = new TreeSet<>();

    /** An empty picture of {@link #WIDTH} by {@code height} units; the title is read aloud to those who cannot see it. */
    Sheet(double height, String title) {
        this.height = height;
        this.title = title;
    }

    /** A box with a soft fill and an outline, whose text must stay inside. */
    void box(double x, double y, double width, double height, Ink ink) {
        boxes.add(new Area("box", x, y, x + width, y + height));
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"8\" style=\"fill:%s;stroke:%s;stroke-width:1.5\"/>",
                number(x), number(y), number(width), number(height), soft(ink), colour(ink));
    }

    /** An outline without a fill, dashed: a group of boxes. */
    void group(double x, double y, double width, double height, Ink ink) {
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"12\" style=\"fill:none;stroke:%s;stroke-width:1.5;stroke-dasharray:5 5\"/>",
                number(x), number(y), number(width), number(height), colour(ink));
    }

    /** A filled rectangle. */
    void bar(double x, double y, double width, double height, Ink ink) {
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\" style=\"fill:%s\"/>", number(x), number(y),
                number(width), number(height), colour(ink));
    }

    /** A rectangle in a soft colour. */
    void area(double x, double y, double width, double height, Ink ink) {
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" style=\"fill:%s\"/>", number(x), number(y),
                number(width), number(height), soft(ink));
    }

    /** Many rectangles of one colour as one shape, {@code x, y, width, height, x, …}. */
    void cells(Ink ink, double opacity, double... rectangles) {
        var path = new StringBuilder();
        for (int i = 0; i < rectangles.length; i += 4) {
            String width = number(rectangles[i + 2]);
            path.append('M').append(number(rectangles[i])).append(' ').append(number(rectangles[i + 1]));
            path.append('h').append(width).append('v').append(number(rectangles[i + 3])).append("h-").append(width);
            path.append('z');
        }
        if (!path.isEmpty()) {
            add("<path d=\"%s\" style=\"fill:%s;fill-opacity:%s\"/>", path, colour(ink), opacity);
        }
    }

    /** A rectangle without a fill. */
    void outline(double x, double y, double width, double height, Ink ink) {
        add("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" style=\"fill:none;stroke:%s;stroke-width:2\"/>",
                number(x), number(y), number(width), number(height), colour(ink));
    }

    /** A filled circle. */
    void dot(double x, double y, double radius, Ink ink) {
        add("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" style=\"fill:%s\"/>", number(x), number(y), number(radius),
                colour(ink));
    }

    /** Lines from point to point, {@code x, y, x, y, …}. */
    void line(Ink ink, double width, double... points) {
        add("<path d=\"%s\" style=\"fill:none;stroke:%s;stroke-width:%s;stroke-linejoin:round;stroke-linecap:round\"/>",
                path(points), colour(ink), number(width));
    }

    /** Dashed lines from point to point. */
    void dashes(Ink ink, double... points) {
        add("<path d=\"%s\" style=\"fill:none;stroke:%s;stroke-width:1.5;stroke-dasharray:4 5\"/>", path(points),
                colour(ink));
    }

    /** Lines from point to point with a head at the last. */
    void arrow(Ink ink, double... points) {
        int last = points.length - 2;
        double dx = points[last] - points[last - 2];
        double dy = points[last + 1] - points[last - 1];
        double length = Math.hypot(dx, dy);
        dx *= HEAD / length;
        dy *= HEAD / length;
        double[] shaft = points.clone();
        shaft[last] -= dx;
        shaft[last + 1] -= dy;
        line(ink, 1.8, shaft);
        add("<path d=\"%sZ\" style=\"fill:%s\"/>",
                path(points[last], points[last + 1], shaft[last] - dy / 2, shaft[last + 1] + dx / 2,
                        shaft[last] + dy / 2, shaft[last + 1] - dx / 2),
                colour(ink));
    }

    /** A line of text whose baseline is at {@code y}. */
    void text(double x, double y, String text, Type type, Ink ink, Align align) {
        double width = type.width(text);
        double left = switch (align) {
            case START -> x;
            case MIDDLE -> x - width / 2;
            case END -> x - width;
        };
        texts.add(new Area(text, left, y - 0.75 * type.size(), left + width, y + 0.2 * type.size()));
        types.add(type);
        String anchor = align == Align.START
                ? ""
                : " text-anchor=\"%s\"".formatted(align.name().toLowerCase(Locale.ROOT));
        add("<text x=\"%s\" y=\"%s\"%s class=\"%s\" style=\"fill:%s\">%s</text>", number(x), number(y), anchor,
                type.name().toLowerCase(Locale.ROOT), colour(ink), escaped(text));
    }

    /** {@link #text} from a place to the right. */
    void text(double x, double y, String text, Type type, Ink ink) {
        text(x, y, text, type, ink, Align.START);
    }

    /** Lines of text one below the other, the first with its baseline at {@code y}. */
    void lines(double x, double y, List<String> lines, Type type, Ink ink, Align align) {
        for (int i = 0; i < lines.size(); i++) {
            text(x, y + i * type.leading(), lines.get(i), type, ink, align);
        }
    }

    /** The words in lines that are at most {@code width} wide, joined by {@code between}. */
    static List<String> wrapped(List<String> words, String between, double width, Type type) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : words) {
            String longer = line.isEmpty() ? word : line + between + word;
            if (!line.isEmpty() && type.width(longer) > width) {
                lines.add(line);
                longer = word;
            }
            line = longer;
        }
        if (!line.isEmpty()) {
            lines.add(line);
        }
        return lines;
    }

    /**
     * The SVG document.
     *
     * @throws IllegalStateException if text leaves the picture or its box, or lies on other text
     */
    String svg() {
        check();
        var style = new StringBuilder(":root{");
        variables.forEach(name -> style.append(name).append(':').append(value(name, false)).append(';'));
        style.append("}\n@media (prefers-color-scheme:dark){:root{");
        variables.forEach(name -> style.append(name).append(':').append(value(name, true)).append(';'));
        style.append("}}\n");
        types.forEach(type -> style.append('.')
                .append(type.name().toLowerCase(Locale.ROOT))
                .append('{')
                .append(type.css())
                .append("}\n"));
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$s" height="%2$s" viewBox="0 0 %1$s %2$s" role="img">
                <title>%3$s</title>
                <style>
                %4$s</style>
                %5$s
                </svg>
                """.formatted(number(WIDTH), number(height), escaped(title), style, String.join("\n", shapes));
    }

    private void check() {
        var whole = new Area("picture", 0, 0, WIDTH, height);
        boxes.forEach(box -> require(whole.holds(box), "a box leaves the picture \"%s\": %s", title, box));
        for (int i = 0; i < texts.size(); i++) {
            Area text = texts.get(i);
            require(whole.holds(text), "\"%s\" leaves the picture \"%s\": %s", text.what, title, text);
            for (Area box : boxes) {
                var inner = new Area("", box.left + MARGIN, box.top + MARGIN, box.right - MARGIN, box.bottom - MARGIN);
                require(!box.meets(text) || inner.holds(text), "\"%s\" leaves its box in \"%s\": %s, %s", text.what,
                        title, text, box);
            }
            for (Area other : texts.subList(0, i)) {
                require(!text.meets(other), "\"%s\" lies on \"%s\" in \"%s\"", text.what, other.what, title);
            }
        }
    }

    private static void require(boolean holds, String sentence, Object... values) {
        if (!holds) {
            throw new IllegalStateException(sentence.formatted(values));
        }
    }

    private static String value(String variable, boolean dark) {
        for (Ink ink : Ink.values()) {
            for (boolean soft : new boolean[]{false, true}) {
                if (ink.variable(soft).equals(variable)) {
                    return dark ? ink.dark(soft) : ink.light(soft);
                }
            }
        }
        throw new IllegalStateException("no colour is named " + variable);
    }

    private String colour(Ink ink) {
        return variable(ink.variable(false));
    }

    private String soft(Ink ink) {
        return variable(ink.variable(true));
    }

    private String variable(String name) {
        variables.add(name);
        return "var(" + name + ")";
    }

    private void add(String shape, Object... values) {
        shapes.add(shape.formatted(values));
    }

    private static String path(double... points) {
        var path = new StringBuilder();
        for (int i = 0; i < points.length; i += 2) {
            path.append(i == 0 ? "M" : "L").append(number(points[i])).append(' ').append(number(points[i + 1]));
        }
        return path.toString();
    }

    /** A number with at most one decimal. */
    private static String number(double value) {
        double tenths = Math.rint(value * 10);
        return tenths % 10 == 0
                ? String.format(Locale.ROOT, "%.0f", tenths / 10)
                : String.format(Locale.ROOT, "%.1f", tenths / 10);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
