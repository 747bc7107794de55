package dev.kvasir.model.chat.jinja;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A template in the part of Jinja that chat templates use, with {@code trim_blocks} and {@code lstrip_blocks} on, loop
 * controls, and the functions {@code raise_exception} and {@code strftime_now}. Immutable and safe to share between
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

    /**
     * Renders the template.
     *
     * @param variables the variables by name: strings, numbers, booleans, iterables, maps, null for {@code none}
     * @param clock the clock for {@code strftime_now}
     * @throws JinjaException if the template rejects its variables, uses an unsupported feature or exceeds a limit
     */
    public String render(Map<String, ?> variables, Clock clock) {
        var limits = new RenderLimits();
        var globals = new Scope(null);
        Globals.define(globals, clock, limits);
        var scope = new Scope(globals);
        variables.forEach((name, value) -> scope.set(name, Values.of(value)));
        return new Interpreter(limits).render(body, scope);
    }
}
