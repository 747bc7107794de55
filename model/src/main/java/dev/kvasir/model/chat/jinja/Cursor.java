package dev.kvasir.model.chat.jinja;

import dev.kvasir.model.chat.jinja.Token.Kind;
import java.util.List;

/** A position in a list of tokens, with the parser's nesting depth. */
final class Cursor {

    /** The deepest nesting that is accepted, so that the stack cannot overflow. */
    private static final int DEEPEST = 200;

    private final List<Token> tokens;
    private int at;
    private int depth;

    Cursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        var token = current();
        if (!token.is(Kind.END)) {
            at++;
        }
        return token;
    }

    boolean skipOperator(String operator) {
        boolean found = current().isOperator(operator);
        if (found) {
            at++;
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) {
            at++;
        }
        return found;
    }

    Token expect(Kind kind, String wanted) {
        if (!current().is(kind)) {
            throw unexpected(wanted);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    JinjaException unexpected(String wanted) {
        return new JinjaException("expected " + wanted + ", found " + current().forMessage(), current().line());
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw new JinjaException("nested deeper than " + DEEPEST + " levels", current().line());
        }
    }

    void leave() {
        depth--;
    }
}
