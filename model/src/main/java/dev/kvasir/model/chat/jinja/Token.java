package dev.kvasir.model.chat.jinja;

/** A piece of a template's source, with its line from 1. */
record Token(Kind kind, String text, int line) {

    enum Kind {
        TEXT,
        BLOCK_START,
        BLOCK_END,
        OUTPUT_START,
        OUTPUT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** The token as text for error messages. */
    String forMessage() {
        return switch (kind) {
            case END -> "the end of the template";
            case BLOCK_END -> "'%}'";
            case OUTPUT_END -> "'}}'";
            default -> "'" + text + "'";
        };
    }
}
