package dev.kvasir.report.plot;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** Writes an SVG document. Attributes are in alphabetical order; colours are literal or variables of the page. */
final class Svg {
    /** CSS variables of the page by the light colour that was painted. */
    private static final Map<String, String> VARIABLES = variables();
    /** Attributes that Batik writes although they have the default value. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(Map.entry("fill-opacity", "1"),
            Map.entry("stroke-opacity", "1"), Map.entry("stroke-dashoffset", "0"),
            Map.entry("stroke-dasharray", "none"), Map.entry("stroke-linecap", "butt"),
            Map.entry("stroke-miterlimit", "10"), Map.entry("stroke-linejoin", "miter"),
            Map.entry("color-interpolation", "auto"), Map.entry("color-rendering", "auto"),
            Map.entry("image-rendering", "auto"), Map.entry("shape-rendering", "auto"),
            Map.entry("text-rendering", "optimizeLegibility"), Map.entry("font-weight", "normal"),
            Map.entry("font-style", "normal"), Map.entry("stroke-width", "1"), Map.entry("xml:space", "preserve"));
    private static final Set<String> NOT_INHERITED_FROM_GROUPS = Set.of("xml:space");

    private final PlotText words;
    private final boolean themed;
    private final StringBuilder out = new StringBuilder();

    private Svg(PlotText words, boolean themed) {
        this.words = words;
        this.themed = themed;
    }

    /**
     * The text of an svg element.
     *
     * @param root   the svg element
     * @param area  its size
     * @param title  its title for screen readers; empty if the page describes it in text
     * @param words  the texts in it
     * @param prefix prefix of its ids, so that one page can hold several drawings
     * @param themed whether colours are variables that the page defines
     */
    static String write(Element root, PlotArea area, String title, PlotText words, String prefix, boolean themed) {
        Svg svg = new Svg(words, themed);
        svg.out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(area.width())
                .append(' ')
                .append(area.height())
                .append("\" ");
        if (themed) {
            svg.out.append("aria-hidden=\"true\" focusable=\"false\"");
        } else {
            svg.out.append("width=\"")
                    .append(area.width())
                    .append("\" height=\"")
                    .append(area.height())
                    .append("\" role=\"img\"");
        }
        svg.out.append(" font-size=\"12px\" font-family=\"system-ui, 'Helvetica Neue', Arial, sans-serif\">");
        if (!title.isEmpty()) {
            svg.out.append("<title>").append(Xml.text(title)).append("</title>");
        }
        for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
            svg.node(child, prefix);
        }
        return svg.out.append("</svg>").toString();
    }

    private void node(Node node, String prefix) {
        switch (node) {
            case Element element -> element(element, prefix);
            case org.w3c.dom.Comment ignored -> {
                // the comment with Batik's name
            }
            case org.w3c.dom.Text text -> out.append(Xml.text(text.getData()));
            default -> throw new IllegalStateException("a drawing holds a node of kind " + node.getNodeType());
        }
    }

    private void element(Element element, String prefix) {
        Map<String, String> attributes = attributes(element, prefix);
        if (isClear(attributes) || element.getTagName().equals("defs") && !element.hasChildNodes()) {
            return;
        }
        if (element.getTagName().equals("g") && attributes.isEmpty()) {
            children(element, prefix);
            return;
        }
        if (element.getTagName().equals("text")
                && words.all().get(element.getTextContent()) == PlotText.Anchor.MIDDLE) {
            attributes.put("text-anchor", "middle");
        }
        out.append('<').append(element.getTagName());
        StringBuilder style = new StringBuilder();
        attributes.forEach((name, value) -> {
            String variable = themed ? VARIABLES.get(value) : null;
            if (variable != null) {
                style.append(name).append(":var(").append(variable).append(");");
            } else {
                out.append(' ').append(name).append("=\"").append(Xml.attribute(value)).append('"');
            }
        });
        if (!style.isEmpty()) {
            out.append(" style=\"").append(style).append('"');
        }
        if (!element.hasChildNodes()) {
            out.append("/>");
            return;
        }
        out.append('>');
        children(element, prefix);
        out.append("</").append(element.getTagName()).append('>');
    }

    private void children(Element element, String prefix) {
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            node(child, prefix);
        }
    }

    private static boolean isClear(Map<String, String> attributes) {
        boolean noFill = "0".equals(attributes.get("fill-opacity")) || "none".equals(attributes.get("fill"));
        boolean noStroke = "0".equals(attributes.get("stroke-opacity")) || "none".equals(attributes.get("stroke"));
        return noFill && noStroke;
    }

    private static Map<String, String> attributes(Element element, String prefix) {
        Map<String, String> attributes = new TreeMap<>();
        NamedNodeMap nodes = element.getAttributes();
        boolean group = element.getTagName().equals("g");
        for (int i = 0; i < nodes.getLength(); i++) {
            String name = nodes.item(i).getNodeName();
            String value = nodes.item(i).getNodeValue();
            if (name.equals("id")) {
                value = prefix + value;
            } else if (value.startsWith("url(#")) {
                value = "url(#" + prefix + value.substring(5);
            } else if (value.startsWith("rgb(")) {
                value = hex(value);
            } else if (value.equals("black")) {
                value = "#000000";
            } else if (value.equals("white")) {
                value = "#ffffff";
            }
            boolean family = name.equals("font-family");
            boolean plain = value.equals(DEFAULTS.get(name));
            if (!family && !(plain && (group || NOT_INHERITED_FROM_GROUPS.contains(name)))) {
                attributes.put(name, value);
            }
        }
        return attributes;
    }

    private static String hex(String rgb) {
        String[] parts = rgb.substring(4, rgb.length() - 1).split(",");
        return String.format(Locale.ROOT, "#%02x%02x%02x", Integer.parseInt(parts[0].strip()),
                Integer.parseInt(parts[1].strip()), Integer.parseInt(parts[2].strip()));
    }

    private static Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        for (Tint tint : Tint.values()) {
            if (variables.put(tint.light(), tint.variable()) != null) {
                throw new IllegalStateException("two colours are " + tint.light());
            }
        }
        return variables;
    }
}
