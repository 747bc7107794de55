package dev.kvasir.model.chat.jinja;

import dev.kvasir.model.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions, loosest binding first: {@code if else}, {@code or}, {@code and}, {@code not}, comparisons,
 * {@code + -}, {@code ~}, {@code * / // %}, {@code **} (from the left, as in Jinja), signs, filters and tests, calls and
 * subscripts. A filter after a signed value applies to the signed value.
 */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<Kind> ARGUMENT_STARTS = Set.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);

    private final Cursor in;
    /** The names that were read, for what a macro uses. */
    private Set<String> names = new HashSet<>();
    /** Unknown filters and tests. They matter only where they are used if they stand in a condition. */
    private final List<JinjaException> unknown = new ArrayList<>();

    ExpressionParser(Cursor in) {
        this.in = in;
    }

    Expr expression() {
        in.enter();
        int known = unknown.size();
        var value = or();
        while (in.skipName("if")) {
            var condition = or();
            value = new Expr.Conditional(condition, value, in.skipName("else") ? expression() : null);
            forgive(known);
        }
        in.leave();
        return value;
    }

    /** The number of unknown filters and tests so far. */
    int unknown() {
        return unknown.size();
    }

    /** Forgets the unknown filters and tests after the first {@code known} ones: they are told when they are used. */
    void forgive(int known) {
        unknown.subList(Math.min(known, unknown.size()), unknown.size()).clear();
    }

    /** Refuses unknown filters and tests after the first {@code known} ones. */
    void checkFrom(int known) {
        if (unknown.size() > known) {
            throw unknown.get(known);
        }
    }

    /** Starts a new set of names that were read, and returns the one before. */
    Set<String> namesBefore() {
        var before = names;
        names = new HashSet<>();
        return before;
    }

    /** The names that were read since {@link #namesBefore}; they are added to the set before. */
    Set<String> namesSince(Set<String> before) {
        var since = names;
        names = before;
        names.addAll(since);
        return since;
    }

    /** An expression without {@code if else} around it, as a loop uses it for its items. */
    Expr withoutConditional() {
        return tuple(or(), false);
    }

    /** An expression, or several with commas: a tuple. */
    Expr expressions() {
        return tuple(expression(), true);
    }

    private Expr tuple(Expr first, boolean conditionals) {
        if (!in.current().isOperator(",")) {
            return first;
        }
        var items = new ArrayList<Expr>(List.of(first));
        while (in.skipOperator(",") && !endsTuple()) {
            items.add(conditionals ? expression() : or());
        }
        return new Expr.TupleOf(items);
    }

    private boolean endsTuple() {
        var token = in.current();
        return token.is(Kind.BLOCK_END) || token.is(Kind.OUTPUT_END) || token.isOperator(")");
    }

    private Expr or() {
        var left = and();
        while (in.skipName("or")) {
            left = new Expr.Or(left, and());
        }
        return left;
    }

    private Expr and() {
        var left = not();
        while (in.skipName("and")) {
            left = new Expr.And(left, not());
        }
        return left;
    }

    private Expr not() {
        if (!in.skipName("not")) {
            return comparison();
        }
        in.enter();
        var negated = new Expr.Not(not());
        in.leave();
        return negated;
    }

    private Expr comparison() {
        var first = sum();
        var operators = new ArrayList<String>();
        var rest = new ArrayList<Expr>();
        while (true) {
            var token = in.current();
            if (token.is(Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
                in.next();
                operators.add(token.text());
            } else if (in.skipName("in")) {
                operators.add("in");
            } else if (token.isName("not") && in.following().isName("in")) {
                in.next();
                in.next();
                operators.add("not in");
            } else {
                return rest.isEmpty() ? first : new Expr.Compare(first, operators, rest);
            }
            rest.add(sum());
        }
    }

    private Expr sum() {
        var left = concatenation();
        while (in.current().isOperator("+") || in.current().isOperator("-")) {
            left = new Expr.Binary(in.next().text(), left, concatenation());
        }
        return left;
    }

    private Expr concatenation() {
        var first = product();
        if (!in.current().isOperator("~")) {
            return first;
        }
        var parts = new ArrayList<Expr>(List.of(first));
        while (in.skipOperator("~")) {
            parts.add(product());
        }
        return new Expr.Concat(parts);
    }

    private Expr product() {
        var left = power();
        while (in.current().is(Kind.OPERATOR) && Set.of("*", "/", "//", "%").contains(in.current().text())) {
            left = new Expr.Binary(in.next().text(), left, power());
        }
        return left;
    }

    private Expr power() {
        var left = filters(signed());
        while (in.skipOperator("**")) {
            left = new Expr.Binary("**", left, filters(signed()));
        }
        return left;
    }

    private Expr signed() {
        if (in.current().isOperator("-") || in.current().isOperator("+")) {
            in.enter();
            var sign = new Expr.Sign(in.next().text(), signed());
            in.leave();
            return postfix(sign);
        }
        return postfix(primary());
    }

    private Expr primary() {
        var token = in.current();
        switch (token.kind()) {
            case NAME -> {
                in.next();
                return switch (token.text()) {
                    case "true", "True" -> new Expr.Literal(true);
                    case "false", "False" -> new Expr.Literal(false);
                    case "none", "None" -> new Expr.Literal(None.NONE);
                    default -> {
                        names.add(token.text());
                        yield new Expr.Name(token.text());
                    }
                };
            }
            case STRING -> {
                var text = new StringBuilder();
                while (in.current().is(Kind.STRING)) {
                    text.append(in.next().text());
                }
                return new Expr.Literal(Text.of(text.toString()));
            }
            case INTEGER -> {
                in.next();
                return new Expr.Literal(integer(token));
            }
            case FLOAT -> {
                in.next();
                return new Expr.Literal(Double.valueOf(token.text().replace("_", "")));
            }
            default -> {
                return bracketed();
            }
        }
    }

    private static Long integer(Token token) {
        var digits = token.text().replace("_", "");
        int radix = switch (digits.length() > 1 ? Character.toLowerCase(digits.charAt(1)) : ' ') {
            case 'x' -> 16;
            case 'o' -> 8;
            case 'b' -> 2;
            default -> 10;
        };
        try {
            return Long.valueOf(radix == 10 ? digits : digits.substring(2), radix);
        } catch (NumberFormatException e) {
            throw new JinjaException("the number " + token.text() + " does not fit 64 bits", token.line());
        }
    }

    private Expr bracketed() {
        if (in.skipOperator("(")) {
            if (in.skipOperator(")")) {
                return new Expr.TupleOf(List.of());
            }
            var inner = expressions();
            in.expectOperator(")");
            return inner;
        }
        if (in.skipOperator("[")) {
            var items = new ArrayList<Expr>();
            while (!in.skipOperator("]")) {
                items.add(expression());
                if (!in.current().isOperator("]")) {
                    in.expectOperator(",");
                }
            }
            return new Expr.ListOf(items);
        }
        if (in.skipOperator("{")) {
            var keys = new ArrayList<Expr>();
            var values = new ArrayList<Expr>();
            while (!in.skipOperator("}")) {
                keys.add(expression());
                in.expectOperator(":");
                values.add(expression());
                if (!in.current().isOperator("}")) {
                    in.expectOperator(",");
                }
            }
            return new Expr.DictOf(keys, values);
        }
        throw in.unexpected("an expression");
    }

    private Expr postfix(Expr value) {
        var result = value;
        while (true) {
            if (in.skipOperator(".")) {
                var token = in.next();
                result = switch (token.kind()) {
                    case NAME -> new Expr.Attribute(result, token.text());
                    case INTEGER -> new Expr.Item(result, new Expr.Literal(integer(token)));
                    default -> throw new JinjaException("expected a name after '.', found " + token.forMessage(),
                            token.line());
                };
            } else if (in.skipOperator("[")) {
                result = subscript(result);
            } else if (in.current().isOperator("(")) {
                result = new Expr.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    private Expr subscript(Expr of) {
        var from = in.current().isOperator(":") ? null : expression();
        if (in.skipOperator("]")) {
            if (from == null) {
                throw in.unexpected("a subscript");
            }
            return new Expr.Item(of, from);
        }
        in.expectOperator(":");
        var to = sliceBound();
        var step = in.skipOperator(":") ? sliceBound() : null;
        in.expectOperator("]");
        return new Expr.Slice(of, from, to, step);
    }

    private @Nullable Expr sliceBound() {
        return in.current().isOperator(":") || in.current().isOperator("]") ? null : expression();
    }

    private Expr filters(Expr value) {
        var result = value;
        while (true) {
            if (in.current().isOperator("|")) {
                result = filter(result);
            } else if (in.skipName("is")) {
                result = test(result);
            } else if (in.current().isOperator("(")) {
                result = new Expr.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    /** One filter, including its {@code |}. */
    private Expr filter(Expr of) {
        in.expectOperator("|");
        return namedFilter(of);
    }

    /** Filters for a block: the first without its {@code |}. */
    Expr blockFilters(Expr of) {
        return moreFilters(namedFilter(of));
    }

    /** Filters, each with its {@code |}. */
    Expr moreFilters(Expr of) {
        var result = of;
        while (in.current().isOperator("|")) {
            result = filter(result);
        }
        return result;
    }

    private Expr namedFilter(Expr of) {
        var token = in.current();
        var name = dottedName("the name of a filter");
        if (!Filters.has(name)) {
            unknown.add(Filters.unsupported(name).at(token.line()));
        }
        return new Expr.Filter(of, name, in.current().isOperator("(") ? arguments() : Expr.Arguments.NONE);
    }

    private Expr test(Expr of) {
        boolean negated = in.skipName("not");
        var token = in.current();
        var name = dottedName("the name of a test");
        if (!Tests.has(name)) {
            unknown.add(Tests.unsupported(name).at(token.line()));
        }
        var arguments = Expr.Arguments.NONE;
        var next = in.current();
        if (next.isOperator("(")) {
            arguments = arguments();
        } else if (startsArgument(next)) {
            arguments = new Expr.Arguments(List.of(postfix(primary())), List.of(), List.of(), null, null);
        }
        var test = new Expr.Test(of, name, arguments);
        return negated ? new Expr.Not(test) : test;
    }

    private static boolean startsArgument(Token token) {
        if (token.kind() == Kind.NAME && Set.of("else", "or", "and").contains(token.text())) {
            return false;
        }
        if (token.isName("is")) {
            throw new JinjaException("tests with 'is' cannot be chained", token.line());
        }
        return ARGUMENT_STARTS.contains(token.kind()) || token.isOperator("[") || token.isOperator("{");
    }

    private String dottedName(String wanted) {
        var name = new StringBuilder(in.expect(Kind.NAME, wanted).text());
        while (in.skipOperator(".")) {
            name.append('.').append(in.expect(Kind.NAME, wanted).text());
        }
        return name.toString();
    }

    Expr.Arguments arguments() {
        in.expectOperator("(");
        var positional = new ArrayList<Expr>();
        var keywords = new ArrayList<String>();
        var named = new ArrayList<Expr>();
        Expr more = null;
        Expr moreNamed = null;
        while (!in.skipOperator(")")) {
            if (moreNamed == null && in.skipOperator("**")) {
                moreNamed = expression();
            } else if (more == null && moreNamed == null && in.skipOperator("*")) {
                more = expression();
            } else if (in.current().is(Kind.NAME) && in.following().isOperator("=") && moreNamed == null) {
                if (keywords.contains(in.current().text())) {
                    throw new JinjaException("the argument '" + in.current().text() + "' is given twice",
                            in.current().line());
                }
                keywords.add(in.next().text());
                in.next();
                named.add(expression());
            } else if (keywords.isEmpty() && more == null && moreNamed == null) {
                positional.add(expression());
            } else {
                throw in.unexpected("a named argument");
            }
            if (!in.current().isOperator(")")) {
                in.expectOperator(",");
            }
        }
        return new Expr.Arguments(positional, keywords, named, more, moreNamed);
    }
}
