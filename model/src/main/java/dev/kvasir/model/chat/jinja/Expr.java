package dev.kvasir.model.chat.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a template. */
sealed interface Expr {

    record Literal(Object value) implements Expr {}

    record Name(String name) implements Expr {}

    record ListOf(List<Expr> items) implements Expr {}

    /** {@code (a, b)} or {@code a, b}. */
    record TupleOf(List<Expr> items) implements Expr {}

    record DictOf(List<Expr> keys, List<Expr> values) implements Expr {}

    record Attribute(Expr of, String name) implements Expr {}

    record Item(Expr of, Expr key) implements Expr {}

    /** {@code of[from:to:step]}. */
    record Slice(Expr of, @Nullable Expr from, @Nullable Expr to, @Nullable Expr step) implements Expr {}

    record Call(Expr function, Arguments arguments) implements Expr {}

    record Filter(Expr of, String name, Arguments arguments) implements Expr {}

    record Test(Expr of, String name, Arguments arguments) implements Expr {}

    record Not(Expr of) implements Expr {}

    record And(Expr left, Expr right) implements Expr {}

    record Or(Expr left, Expr right) implements Expr {}

    /** {@code -of} or {@code +of}. */
    record Sign(String operator, Expr of) implements Expr {}

    /** Arithmetic on two values. */
    record Binary(String operator, Expr left, Expr right) implements Expr {}

    /** {@code parts[0] ~ parts[1] ~ …}. */
    record Concat(List<Expr> parts) implements Expr {}

    /** {@code first op[0] rest[0] op[1] rest[1] …}, each compared with its neighbour. */
    record Compare(Expr first, List<String> operators, List<Expr> rest) implements Expr {}

    /** {@code then if condition else otherwise}. */
    record Conditional(Expr condition, Expr then, @Nullable Expr otherwise) implements Expr {}

    /** The arguments of a call: positional, named, {@code *list}, {@code **dict}. */
    record Arguments(List<Expr> positional, List<String> names, List<Expr> named, @Nullable Expr more,
            @Nullable Expr moreNamed) {

        static final Arguments NONE = new Arguments(List.of(), List.of(), List.of(), null, null);
    }

    /** The target of an assignment. */
    sealed interface Target {

        record Variable(String name) implements Target {}

        /** An attribute of a namespace. */
        record Field(String namespace, String name) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
