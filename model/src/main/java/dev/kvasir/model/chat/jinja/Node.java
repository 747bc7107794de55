package dev.kvasir.model.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template, with its line from 1. */
sealed interface Node {

    int line();

    /** Text outside of tags. */
    record Words(Text text, int line) implements Node {}

    record Output(Expr value, int line) implements Node {}

    /** The branches in order; the condition of {@code else} is the literal true. */
    record If(List<Branch> branches, int line) implements Node {}

    record Branch(Expr condition, List<Node> body) {}

    record For(Expr.Target target, Expr items, @Nullable Expr filter, List<Node> body, List<Node> otherwise,
            boolean recursive, int line) implements Node {}

    record Set(Expr.Target target, Expr value, int line) implements Node {}

    /** {@code {% set x | filter %}…{% endset %}}; the filters apply to {@link #CAPTURED}. */
    record SetBlock(Expr.Target target, Expr filtered, List<Node> body, int line) implements Node {}

    /** {@code {% filter f %}…{% endfilter %}}; the filters apply to {@link #CAPTURED}. */
    record FilterBlock(Expr filtered, List<Node> body, int line) implements Node {}

    record Macro(String name, List<String> parameters, List<Expr> defaults, List<Node> body, Uses uses,
            int line) implements Node {}

    /** The special names that the body of a macro uses. */
    record Uses(boolean caller, boolean varargs, boolean kwargs) {}

    /** {@code {% call(parameters) macro(…) %}…{% endcall %}}. */
    record CallBlock(Macro caller, Expr.Call call, int line) implements Node {}

    record With(List<Expr.Target> targets, List<Expr> values, List<Node> body, int line) implements Node {}

    /** Statements in a scope of their own: {@code {% generation %}…{% endgeneration %}}. */
    record Group(List<Node> body, int line) implements Node {}

    record Break(int line) implements Node {}

    record Continue(int line) implements Node {}

    /** The name of the block's text in the filters that are applied to it. */
    String CAPTURED = "{captured}";
}
