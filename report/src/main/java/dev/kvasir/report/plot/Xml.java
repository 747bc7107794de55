package dev.kvasir.report.plot;

/** Escapes text for XML and HTML. */
public final class Xml {
    private Xml() {}

    /** Text between tags. */
    public static String text(String text) {
        return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Text between the double quotes of an attribute. */
    public static String attribute(String text) {
        return text(text).replace("\"", "&quot;");
    }

    /** Removes characters that XML does not allow. */
    private static String clean(String text) {
        return text.replaceAll("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD");
    }
}
