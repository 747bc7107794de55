package dev.kvasir.model.chat.jinja;

import java.nio.charset.StandardCharsets;

/** Escapes for HTML and URLs. */
final class Html {

    private Html() {}

    /** A text as HTML; what is HTML already stays as it is. */
    static Text escape(Text text, RenderLimits limits) {
        return text.isMarkup() ? text : forceEscape(text, limits);
    }

    static Text forceEscape(Text text, RenderLimits limits) {
        var escaped = new TextBuilder(limits);
        for (int i = 0; i < text.length(); i++) {
            var entity = switch (text.at(i)) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&#34;";
                case '\'' -> "&#39;";
                default -> "";
            };
            if (entity.isEmpty()) {
                escaped.addMarked(text.marked(i));
            } else {
                escaped.addAs(entity, text.marked(i));
            }
        }
        return escaped.text().asMarkup();
    }

    /** Without comments and tags, and with single blanks. */
    static Text withoutTags(Text text, RenderLimits limits) {
        var bare = without(without(text.plain(), "<!--", "-->", limits), "<", ">", limits);
        var joined = Strings.join(Strings.splitAtSpace(bare, -1), Text.of(" "), limits);
        if (joined.contains(Text.of("&"))) {
            throw new JinjaException("striptags of a text with & is not supported");
        }
        return joined;
    }

    private static Text without(Text text, String open, String close, RenderLimits limits) {
        var kept = text;
        while (true) {
            int start = kept.indexOf(Text.of(open), 0);
            int end = start < 0 ? -1 : kept.indexOf(Text.of(close), start);
            if (end < 0) {
                return kept;
            }
            limits.text(kept.length());
            kept = kept.slice(0, start).plus(kept.slice(end + close.length(), kept.length()));
        }
    }

    /** Percent escapes, as in Python's {@code urllib.parse.quote}; in a query a slash is escaped and a blank is a plus. */
    static Text percent(Text text, boolean query, RenderLimits limits) {
        var escaped = new TextBuilder(limits);
        for (int i = 0; i < text.length(); i++) {
            int c = text.at(i);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || !query && c == '/')) {
                escaped.addMarked(text.marked(i));
            } else if (query && c == ' ') {
                escaped.addAs("+", text.marked(i));
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    escaped.addAs("%%%02X".formatted(b & 0xFF), text.marked(i));
                }
            }
        }
        return escaped.text();
    }
}
