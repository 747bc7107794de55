package dev.kvasir.model.chat.jinja;

/** Python's {@code format.format(values)}. */
final class BraceFormat {

    private static final int DEEPEST = 2;

    private final CallArguments given;
    private final RenderLimits limits;
    private int counted;
    private boolean numbered;

    private BraceFormat(CallArguments given, RenderLimits limits) {
        this.given = given;
        this.limits = limits;
    }

    static Text format(Text format, CallArguments values, RenderLimits limits) {
        if (format.isMarkup()) {
            throw new JinjaException("the method 'format' of a safe string is not supported");
        }
        return new BraceFormat(values, limits).run(format, DEEPEST);
    }

    private Text run(Text format, int depth) {
        if (depth == 0) {
            throw new JinjaException("the format has too many nested fields");
        }
        var out = new TextBuilder(limits);
        for (int at = 0; at < format.length();) {
            int c = format.at(at);
            boolean twice = at + 1 < format.length() && format.at(at + 1) == c;
            if (c == '{' && !twice) {
                int end = fieldEnd(format, at);
                out.add(field(format.slice(at + 1, end), depth));
                at = end + 1;
            } else if (c == '}' && !twice) {
                throw new JinjaException("the format has a single '}'");
            } else {
                out.addMarked(format.marked(at));
                at += c == '{' || c == '}' ? 2 : 1;
            }
        }
        return out.text();
    }

    private static int fieldEnd(Text format, int from) {
        int depth = 0;
        for (int at = from; at < format.length(); at++) {
            depth += format.at(at) == '{' ? 1 : format.at(at) == '}' ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
        throw new JinjaException("the format has a '{' that is not closed");
    }

    private Text field(Text field, int depth) {
        int nameEnd = 0;
        boolean inItem = false;
        while (nameEnd < field.length() && (inItem || field.at(nameEnd) != ':' && field.at(nameEnd) != '!')) {
            inItem = field.at(nameEnd) == '[' || inItem && field.at(nameEnd) != ']';
            nameEnd++;
        }
        var value = value(field.slice(0, nameEnd).toString());
        int spec = nameEnd;
        if (spec < field.length() && field.at(spec) == '!') {
            int conversion = spec + 1 < field.length() ? field.at(spec + 1) : ' ';
            value = switch (conversion) {
                case 's' -> ValueText.text(value, limits);
                case 'r' -> ValueText.represented(value, limits);
                default -> throw new JinjaException(
                        "the conversion '!" + Character.toString(conversion) + "' is not supported");
            };
            spec += 2;
        }
        if (spec < field.length() && field.at(spec) != ':') {
            throw new JinjaException("expected ':' after the conversion in a format");
        }
        var text = spec < field.length() ? field.slice(spec + 1, field.length()) : Text.EMPTY;
        return FormatSpec.format(value, run(text, depth - 1 + (text.isEmpty() ? 1 : 0)), limits);
    }

    /** The value of a name with attributes and items: {@code 0.a[b]}. */
    private Object value(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        var value = argument(path.substring(0, end));
        while (end < path.length()) {
            boolean item = path.charAt(end) == '[';
            int start = ++end;
            while (end < path.length()
                    && (item ? path.charAt(end) != ']' : path.charAt(end) != '.' && path.charAt(end) != '[')) {
                end++;
            }
            var name = path.substring(start, end);
            if (item && end == path.length() || name.isEmpty()) {
                throw new JinjaException("the field '" + path + "' of a format is not complete");
            }
            end += item ? 1 : 0;
            boolean index = item && name.length() < 10 && name.chars().allMatch(Character::isDigit);
            value = item
                    ? Attributes.item(value, index ? Long.valueOf(name) : Text.of(name), limits)
                    : Attributes.get(value, name, limits);
            if (value instanceof Undefined undefined) {
                throw undefined.used();
            }
        }
        return value;
    }

    private Object argument(String name) {
        boolean index = name.chars().allMatch(Character::isDigit);
        if (!index) {
            var value = given.named().get(name);
            if (value == null) {
                throw new JinjaException("the format needs a value '" + name + "'");
            }
            return value;
        }
        if (name.length() > 9 || !name.isEmpty() && counted > 0 || name.isEmpty() && numbered) {
            throw new JinjaException("the format mixes numbered and unnumbered fields");
        }
        numbered |= !name.isEmpty();
        int at = name.isEmpty() ? counted++ : Integer.parseInt(name);
        if (at >= given.positional().size()) {
            throw new JinjaException("the format needs more values than were given");
        }
        return given.positional().get(at);
    }
}
