package dev.kvasir.report.page;

import dev.kvasir.report.plot.Tint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The style of pages: the colours of plots as variables, and the resource {@code report.css}. */
public final class Stylesheet {
    private Stylesheet() {}

    /** The content of the style element. */
    public static String text() {
        return ":root{" + variables(Tint::light) + "}\n@media (prefers-color-scheme: dark){:root{"
                + variables(Tint::dark) + "}}\n@media print{:root{" + variables(Tint::light) + "}}\n"
                + resource(Stylesheet.class, "report.css");
    }

    private static String variables(Function<Tint, String> color) {
        return Arrays.stream(Tint.values())
                .map(tint -> tint.variable() + ":" + color.apply(tint))
                .collect(Collectors.joining(";"));
    }

    /** The text of a resource in the package of a class. */
    public static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
