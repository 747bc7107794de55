package dev.kvasir.model.chat.jinja;

import java.util.Locale;
import java.util.function.IntPredicate;

/** Upper and lower case and the kinds of characters, as in Python. */
final class Letters {

    private static final int SIGMA = 'Σ';

    private Letters() {}

    static Text upper(Text text, RenderLimits limits) {
        var upper = new TextBuilder(limits);
        for (int i = 0; i < text.length(); i++) {
            upper.addAs(upper(text.at(i)), text.marked(i));
        }
        return upper.text();
    }

    private static String upper(int c) {
        return Character.toString(c).toUpperCase(Locale.ROOT);
    }

    static Text lower(Text text, RenderLimits limits) {
        return addLower(text, 0, new TextBuilder(limits)).text();
    }

    private static TextBuilder addLower(Text text, int from, TextBuilder lower) {
        for (int i = from; i < text.length(); i++) {
            addLowerAt(text, i, lower);
        }
        return lower;
    }

    private static void addLowerAt(Text text, int i, TextBuilder lower) {
        int c = text.at(i);
        if (c == SIGMA) {
            lower.addAs(endsWord(text, i) ? "ς" : "σ", text.marked(i));
        } else {
            lower.addAs(Character.toString(c).toLowerCase(Locale.ROOT), text.marked(i));
        }
    }

    /** Whether a sigma has a letter before it and none after it; marks between do not count. */
    private static boolean endsWord(Text text, int at) {
        int before = at - 1;
        while (before >= 0 && isIgnorable(text.at(before))) {
            before--;
        }
        int after = at + 1;
        while (after < text.length() && isIgnorable(text.at(after))) {
            after++;
        }
        return before >= 0 && isCased(text.at(before)) && (after == text.length() || !isCased(text.at(after)));
    }

    private static boolean isIgnorable(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT, Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL ->
                true;
            default -> "'.:··’‘․﹒＇．：".indexOf(c) >= 0;
        };
    }

    /** The first letter in title case and the others in lower case. */
    static Text capitalize(Text text, RenderLimits limits) {
        var result = new TextBuilder(limits);
        if (!text.isEmpty()) {
            result.addAs(title(text.at(0)), text.marked(0));
        }
        return addLower(text, 1, result).text();
    }

    /** The first letter of each run of letters in title case and the others in lower case. */
    static Text title(Text text, RenderLimits limits) {
        var result = new TextBuilder(limits);
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            if (inWord) {
                addLowerAt(text, i, result);
            } else {
                result.addAs(title(text.at(i)), text.marked(i));
            }
            inWord = isCased(text.at(i));
        }
        return result.text();
    }

    private static String title(int c) {
        int title = Character.toTitleCase(c);
        var upper = upper(c);
        int first = upper.codePointAt(0);
        int rest = upper.offsetByCodePoints(0, 1);
        if (title != c || rest == upper.length()) {
            return Character.toString(title);
        }
        return Character.isUpperCase(first)
                ? upper.substring(0, rest) + upper.substring(rest).toLowerCase(Locale.ROOT)
                : upper;
    }

    static Text swapCase(Text text, RenderLimits limits) {
        var swapped = new TextBuilder(limits);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isUpperCase(text.at(i))) {
                addLowerAt(text, i, swapped);
            } else if (Character.isLowerCase(text.at(i))) {
                swapped.addAs(upper(text.at(i)), text.marked(i));
            } else {
                swapped.addMarked(text.marked(i));
            }
        }
        return swapped.text();
    }

    /** Python's {@code str.casefold}, for the characters where it is the lower case of the upper case. */
    static Text fold(Text text, RenderLimits limits) {
        var folded = new TextBuilder(limits);
        for (int i = 0; i < text.length(); i++) {
            int c = text.at(i);
            if (c > 0x17F && Character.isLetter(c) && isCased(c) || c == 'ı' || c == 'ŉ' || c == 'İ') {
                throw new JinjaException("casefold of " + Character.toString(c) + " is not supported");
            }
            folded.addAs(upper(c).toLowerCase(Locale.ROOT), text.marked(i));
        }
        return folded.text();
    }

    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    static boolean isUpper(Text text) {
        return isCase(text, Character::isLowerCase, Character::isUpperCase);
    }

    static boolean isLower(Text text) {
        return isCase(text, Character::isUpperCase, Character::isLowerCase);
    }

    private static boolean isCase(Text text, IntPredicate forbidden, IntPredicate wanted) {
        boolean found = false;
        for (int i = 0; i < text.length(); i++) {
            if (forbidden.test(text.at(i)) || Character.isTitleCase(text.at(i))) {
                return false;
            }
            found |= wanted.test(text.at(i));
        }
        return found;
    }

    static boolean isTitle(Text text) {
        boolean inWord = false;
        boolean found = false;
        for (int i = 0; i < text.length(); i++) {
            int c = text.at(i);
            boolean starts = Character.isUpperCase(c) || Character.isTitleCase(c);
            if (starts && inWord || !starts && Character.isLowerCase(c) && !inWord) {
                return false;
            }
            inWord = starts || Character.isLowerCase(c);
            found |= inWord;
        }
        return found;
    }

    /** Whether a text has characters, all of one kind. */
    static boolean all(Text text, IntPredicate kind) {
        for (int i = 0; i < text.length(); i++) {
            if (!kind.test(text.at(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** {@code str.isdigit}: decimal digits, and superscripts and circled digits. */
    static boolean isDigit(int c) {
        return Character.isDigit(c) || c == 0xB2 || c == 0xB3 || c == 0xB9 || c == 0x2070 || in(c, 0x2074, 0x2079)
                || in(c, 0x2080, 0x2089) || in(c, 0x2460, 0x2468) || in(c, 0x2474, 0x247C) || in(c, 0x2488, 0x2490)
                || c == 0x24EA || in(c, 0x24F5, 0x24FD) || c == 0x24FF || in(c, 0x2776, 0x277E)
                || in(c, 0x2780, 0x2788) || in(c, 0x278A, 0x2792) || in(c, 0x1369, 0x1371) || c == 0x19DA
                || in(c, 0x1F100, 0x1F10A);
    }

    private static boolean in(int c, int from, int to) {
        return c >= from && c <= to;
    }

    /** {@code str.isnumeric}; an ideograph is an error, as some of them are numbers. */
    static boolean isNumeric(int c) {
        if (Character.isIdeographic(c) && Character.isLetter(c)) {
            throw new JinjaException("isnumeric of " + Character.toString(c) + " is not supported");
        }
        return switch (Character.getType(c)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }

    static boolean isAlphanumeric(int c) {
        return Character.isLetter(c) || isNumeric(c);
    }
}
