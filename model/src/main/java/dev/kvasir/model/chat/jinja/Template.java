package dev.kvasir.model.chat.jinja;

import dev.kvasir.model.tokenizer.MarkedText;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat template in Jinja. It renders as in Hugging Face's transformers: in Jinja's immutable sandbox, with
 * {@code trim_blocks} and {@code lstrip_blocks} on, loop controls, {@code generation} blocks, Python's JSON in
 * {@code tojson}, and the functions {@code raise_exception} and {@code strftime_now}. What is not supported is refused. Immutable and safe to share between
 * threads. {@link RenderLimits} bound the cost of a rendering.
 */
public final class Template {

    private final List<Node> body;

    private Template(List<Node> body) {
        this.body = body;
    }

    /**
     * Parses a template.
     *
     * @throws JinjaException if it cannot be parsed
     */
    public static Template parse(String source) {
        return new Template(TemplateParser.parse(source));
    }

    /** A text for a variable, or for a place within one, that counts as the template's own words and not as content. */
    public static Object ownWords(String text) {
        return Text.of(text);
    }

    /**
     * Renders the template. What comes from the variables is marked as content, except {@link #ownWords}.
     *
     * @param variables the variables by name: strings, numbers, booleans, iterables, maps, null for {@code none}
     * @param clock the clock for {@code strftime_now}
     * @throws JinjaException if the template rejects its variables, uses an unsupported feature or exceeds a limit
     */
    public MarkedText render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        var limits = new RenderLimits();
        var globals = new Scope(null);
        Globals.define(globals, clock, limits);
        var scope = new Scope(globals);
        variables.forEach((name, value) -> scope.set(name, Values.of(value)));
        return new Interpreter(limits).render(body, scope).marked();
    }
}
