package dev.kvasir.model.chat.jinja;

import dev.kvasir.model.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Parses a template into statements. */
final class TemplateParser {

    private static final Set<String> RESERVED = Set.of("true", "false", "none", "True", "False", "None");

    private final Cursor in;
    private final ExpressionParser expressions;
    private int loops; // around the current statement, within the same macro

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
        parser.expressions.checkFrom(0);
        return body;
    }

    /** Parses statements up to a tag with one of these names. The start of that tag has been read, its name has not. */
    private List<Node> body(Set<String> ends) {
        in.enter();
        var nodes = new ArrayList<Node>();
        while (true) {
            var token = in.current();
            switch (token.kind()) {
                case TEXT -> nodes.add(new Node.Words(Text.of(in.next().text()), token.line()));
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
            case "set" -> setStatement(line);
            case "for" -> strict(() -> forStatement(line));
            case "macro" -> strict(() -> macro(line));
            case "call" -> strict(() -> callBlock(line));
            case "with" -> strict(() -> with(line));
            case "print" -> {
                var printed = new ArrayList<Expr>();
                do {
                    printed.add(expressions.expression());
                } while (in.skipOperator(","));
                endTag();
                yield new Node.Output(new Expr.Concat(printed), line);
            }
            case "filter" -> strict(() -> {
                var filtered = expressions.blockFilters(new Expr.Name(Node.CAPTURED));
                return new Node.FilterBlock(filtered, outsideLoops(() -> bodyUntil("endfilter")), line);
            });
            case "generation" -> strict(
                    () -> new Node.Group(outsideLoops(() -> bodyUntil("endgeneration")), line));
            case "break" -> {
                inLoop(token);
                yield new Node.Break(line);
            }
            case "continue" -> {
                inLoop(token);
                yield new Node.Continue(line);
            }
            default -> throw new JinjaException("the statement '" + token.text() + "' is not supported", line);
        };
    }

    private void inLoop(Token token) {
        if (loops == 0) {
            throw new JinjaException(
                    "'" + token.text() + "' is not supported outside of a loop or in a block whose text"
                            + " is captured",
                    token.line());
        }
        endTag();
    }

    /** Parses a part that no {@code break} can leave. */
    private <T> T outsideLoops(Supplier<T> part) {
        int around = loops;
        loops = 0;
        var parsed = part.get();
        loops = around;
        return parsed;
    }

    /** Parses a statement in which unknown filters and tests are refused even if it is never reached. */
    private <T> T strict(Supplier<T> statement) {
        int known = expressions.unknown();
        var parsed = statement.get();
        expressions.checkFrom(known);
        return parsed;
    }

    private Node ifStatement(int line) {
        int known = expressions.unknown();
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
            expressions.forgive(known);
            return new Node.If(branches, line);
        }
    }

    private Node forStatement(int line) {
        var target = target();
        if (hasField(target) || has(target, "loop")) {
            throw new JinjaException("a loop cannot assign to 'loop' or to a field of a namespace", line);
        }
        in.expectName("in");
        var items = expressions.withoutConditional();
        var filter = in.skipName("if") ? expressions.expression() : null;
        boolean recursive = in.skipName("recursive");
        endTag();
        loops++;
        var body = body(Set.of("endfor", "else"));
        loops--;
        List<Node> otherwise = List.of();
        if (in.next().isName("else")) {
            otherwise = bodyUntil("endfor");
        } else {
            endTag();
        }
        return new Node.For(target, items, filter, body, otherwise, recursive, line);
    }

    private Node setStatement(int line) {
        var target = target();
        if (in.skipOperator("=")) {
            var value = expressions.expressions();
            endTag();
            return new Node.Set(target, value, line);
        }
        var filtered = expressions.moreFilters(new Expr.Name(Node.CAPTURED));
        return strict(() -> new Node.SetBlock(target, filtered, outsideLoops(() -> bodyUntil("endset")), line));
    }

    private static boolean has(Expr.Target target, String name) {
        return switch (target) {
            case Expr.Target.Variable variable -> variable.name().equals(name);
            case Expr.Target.Field _ -> false;
            case Expr.Target.Several several -> several.targets().stream().anyMatch(one -> has(one, name));
        };
    }

    private static boolean hasField(Expr.Target target) {
        return switch (target) {
            case Expr.Target.Variable _ -> false;
            case Expr.Target.Field _ -> true;
            case Expr.Target.Several several -> several.targets().stream().anyMatch(TemplateParser::hasField);
        };
    }

    private Expr.Target target() {
        var first = singleTarget();
        if (!in.current().isOperator(",")) {
            return first;
        }
        var targets = new ArrayList<Expr.Target>(List.of(first));
        while (in.skipOperator(",") && !in.current().isName("in") && !in.current().isOperator("=")
                && !in.current().isOperator(")") && !in.current().is(Kind.BLOCK_END)) {
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
        var name = variable("a name");
        return in.skipOperator(".")
                ? new Expr.Target.Field(name, in.expect(Kind.NAME, "a name").text())
                : new Expr.Target.Variable(name);
    }

    /** A name that can be assigned to. */
    private String variable(String wanted) {
        var token = in.expect(Kind.NAME, wanted);
        if (RESERVED.contains(token.text())) {
            throw new JinjaException("cannot assign to '" + token.text() + "'", token.line());
        }
        return token.text();
    }

    private Node.Macro macro(int line) {
        var name = variable("the name of the macro");
        var parameters = new ArrayList<String>();
        var defaults = new ArrayList<Expr>();
        in.expectOperator("(");
        parameters(parameters, defaults);
        return macro(name, parameters, defaults, "endmacro", line);
    }

    private Node.Macro macro(String name, List<String> parameters, List<Expr> defaults, String end, int line) {
        var before = expressions.namesBefore();
        var body = outsideLoops(() -> bodyUntil(end));
        var names = expressions.namesSince(before);
        int caller = parameters.indexOf("caller");
        if (names.contains("caller") && caller >= 0 && caller < parameters.size() - defaults.size()) {
            throw new JinjaException("the parameter 'caller' needs a default", line);
        }
        var uses = new Node.Uses(names.contains("caller"),
                names.contains("varargs") && !parameters.contains("varargs"),
                names.contains("kwargs") && !parameters.contains("kwargs"));
        return new Node.Macro(name, parameters, defaults, body, uses, line);
    }

    /** Parameters up to the closing bracket; {@code defaults} belong to the last ones. */
    private void parameters(List<String> parameters, List<Expr> defaults) {
        while (!in.skipOperator(")")) {
            parameters.add(variable("the name of a parameter"));
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
        return new Node.CallBlock(macro("caller", parameters, defaults, "endcall", line), call, line);
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
