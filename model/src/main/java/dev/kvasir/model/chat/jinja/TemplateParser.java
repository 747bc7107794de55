package dev.kvasir.model.chat.jinja;

import dev.kvasir.model.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses a template into statements. */
final class TemplateParser {

    private static final Set<String> NO_TUPLE_END = Set.of("in");

    private final Cursor in;
    private final ExpressionParser expressions;

    private TemplateParser(Cursor in) {
        this.in = in;
        this.expressions = new ExpressionParser(in);
    }

    /** The statements of a template. */
    static List<Node> parse(String source) {
        var in = new Cursor(Lexer.tokens(source));
        var parser = new TemplateParser(in);
        var body = parser.body(Set.of());
        if (!in.current().is(Kind.END)) {
            throw in.unexpected("a statement");
        }
        return body;
    }

    /** Parses statements up to a tag with one of these names. The start of that tag has been read, its name has not. */
    private List<Node> body(Set<String> ends) {
        in.enter();
        var nodes = new ArrayList<Node>();
        while (true) {
            var token = in.current();
            switch (token.kind()) {
                case TEXT -> nodes.add(new Node.Text(in.next().text(), token.line()));
                case OUTPUT_START -> {
                    in.next();
                    nodes.add(new Node.Output(expressions.expressions(), token.line()));
                    in.expect(Kind.OUTPUT_END, "'}}'");
                }
                case BLOCK_START -> {
                    in.next();
                    if (ends.contains(in.current().text())) {
                        in.leave();
                        return nodes;
                    }
                    nodes.add(statement());
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw in.unexpected("{% " + String.join(" %} or {% ", ends.stream().sorted().toList()) + " %}");
                    }
                    in.leave();
                    return nodes;
                }
            }
        }
    }

    private List<Node> bodyUntil(String end) {
        endTag();
        var body = body(Set.of(end));
        in.next();
        endTag();
        return body;
    }

    private void endTag() {
        in.expect(Kind.BLOCK_END, "'%}'");
    }

    private Node statement() {
        var token = in.expect(Kind.NAME, "the name of a statement");
        int line = token.line();
        return switch (token.text()) {
            case "if" -> ifStatement(line);
            case "for" -> forStatement(line);
            case "set" -> setStatement(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "with" -> with(line);
            case "filter" -> {
                var filtered = expressions.blockFilters(new Expr.Name(Node.CAPTURED));
                yield new Node.FilterBlock(filtered, bodyUntil("endfilter"), line);
            }
            case "generation" -> new Node.Group(bodyUntil("endgeneration"), line);
            case "break" -> {
                endTag();
                yield new Node.Break(line);
            }
            case "continue" -> {
                endTag();
                yield new Node.Continue(line);
            }
            default -> throw new JinjaException("the statement '" + token.text() + "' is not supported", line);
        };
    }

    private Node ifStatement(int line) {
        var branches = new ArrayList<Node.Branch>();
        var condition = expressions.expressions();
        while (true) {
            endTag();
            branches.add(new Node.Branch(condition, body(Set.of("elif", "else", "endif"))));
            var next = in.next();
            if (next.isName("elif")) {
                condition = expressions.expressions();
                continue;
            }
            if (next.isName("else")) {
                branches.add(new Node.Branch(new Expr.Literal(true), bodyUntil("endif")));
            } else {
                endTag();
            }
            return new Node.If(branches, line);
        }
    }

    private Node forStatement(int line) {
        var target = target();
        in.expectName("in");
        var items = expressions.withoutConditional();
        var filter = in.skipName("if") ? expressions.expression() : null;
        if (in.current().isName("recursive")) {
            throw new JinjaException("recursive loops are not supported", line);
        }
        endTag();
        var body = body(Set.of("endfor", "else"));
        List<Node> otherwise = List.of();
        if (in.next().isName("else")) {
            otherwise = bodyUntil("endfor");
        } else {
            endTag();
        }
        return new Node.For(target, items, filter, body, otherwise, line);
    }

    private Node setStatement(int line) {
        var target = target();
        if (in.skipOperator("=")) {
            var value = expressions.expressions();
            endTag();
            return new Node.Set(target, value, line);
        }
        var filtered = expressions.moreFilters(new Expr.Name(Node.CAPTURED));
        return new Node.SetBlock(target, filtered, bodyUntil("endset"), line);
    }

    private Expr.Target target() {
        var first = singleTarget();
        if (!in.current().isOperator(",")) {
            return first;
        }
        var targets = new ArrayList<Expr.Target>(List.of(first));
        while (in.skipOperator(",") && in.current().is(Kind.NAME) && !NO_TUPLE_END.contains(in.current().text())) {
            targets.add(singleTarget());
        }
        return new Expr.Target.Several(targets);
    }

    private Expr.Target singleTarget() {
        if (in.skipOperator("(")) {
            in.enter();
            var inner = target();
            in.leave();
            in.expectOperator(")");
            return inner;
        }
        var name = in.expect(Kind.NAME, "a name").text();
        return in.skipOperator(".")
                ? new Expr.Target.Field(name, in.expect(Kind.NAME, "a name").text())
                : new Expr.Target.Variable(name);
    }

    private Node.Macro macro(int line) {
        var name = in.expect(Kind.NAME, "the name of the macro").text();
        return macro(name, "endmacro", line);
    }

    private Node.Macro macro(String name, String end, int line) {
        var parameters = new ArrayList<String>();
        var defaults = new ArrayList<Expr>();
        in.expectOperator("(");
        parameters(parameters, defaults);
        return new Node.Macro(name, parameters, defaults, bodyUntil(end), line);
    }

    /** Parameters up to the closing bracket; {@code defaults} belong to the last ones. */
    private void parameters(List<String> parameters, List<Expr> defaults) {
        while (!in.skipOperator(")")) {
            parameters.add(in.expect(Kind.NAME, "the name of a parameter").text());
            if (in.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw in.unexpected("a default for the parameter '" + parameters.getLast() + "'");
            }
            if (!in.current().isOperator(")")) {
                in.expectOperator(",");
            }
        }
    }

    private Node callBlock(int line) {
        var parameters = new ArrayList<String>();
        var defaults = new ArrayList<Expr>();
        if (in.skipOperator("(")) {
            parameters(parameters, defaults);
        }
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw in.unexpected("a call");
        }
        var caller = new Node.Macro("caller", parameters, defaults, bodyUntil("endcall"), line);
        return new Node.CallBlock(caller, call, line);
    }

    private Node with(int line) {
        var targets = new ArrayList<Expr.Target>();
        var values = new ArrayList<Expr>();
        while (!in.current().is(Kind.BLOCK_END)) {
            targets.add(singleTarget());
            in.expectOperator("=");
            values.add(expressions.expression());
            if (!in.current().is(Kind.BLOCK_END)) {
                in.expectOperator(",");
            }
        }
        return new Node.With(targets, values, bodyUntil("endwith"), line);
    }
}
