package dev.kvasir.sim.rewrite;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.MethodParametersAttribute;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.MethodTypeDesc;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that the source of a kernel gives to its parameters and arrays. The class file holds them if it was compiled
 * with {@code -g} or {@code -parameters}. Java compiles a file that it runs as a script without both; the class then
 * names that file, and the names are read there. Where neither helps, the name is a position: {@code its 2nd parameter}.
 */
final class SourceNames {
    private static final String IDENTIFIER = "[\\p{L}_$][\\p{L}\\p{N}_$]*";
    private static final Pattern ALLOCATION = Pattern
            .compile("(" + IDENTIFIER + ")\\s*=\\s*" + IDENTIFIER + "\\s*\\.\\s*allocate");

    private SourceNames() {}

    /** The name of a parameter, counted from 0. */
    static String parameter(SourceMethod method, int number) {
        String name = ofMethodParameters(method, number);
        if (name == null) {
            name = ofVariable(method, variable -> variable.slot() == slot(method.type(), number));
        }
        if (name == null) {
            name = ofSignature(method, number);
        }
        return name == null ? position(number, "parameter") : name;
    }

    /**
     * The name of a local array.
     *
     * @param store number of the element that stores the array in its variable
     * @param line the line that allocates it
     * @param number how many arrays the kernel has allocated before
     */
    static String array(SourceMethod method, int store, int line, int number) {
        List<CodeElement> elements = method.elements();
        String name = null;
        if (elements.get(store) instanceof StoreInstruction stored
                && elements.get(store + 1) instanceof LabelTarget begin) {
            name = ofVariable(method, variable -> variable.slot() == stored.slot()
                    && variable.startScope() == begin.label());
        }
        if (name == null) {
            List<String> source = source(method.owner());
            if (line >= 1 && line <= source.size()) {
                Matcher found = ALLOCATION.matcher(source.get(line - 1));
                name = found.find() ? found.group(1) : null;
            }
        }
        return name == null ? position(number, "array") : name;
    }

    private static String position(int number, String what) {
        int n = number + 1;
        String ending = switch (n % 100 / 10 == 1 ? 0 : n % 10) {
            case 1 -> "st";
            case 2 -> "nd";
            case 3 -> "rd";
            default -> "th";
        };
        return "its " + n + ending + " " + what;
    }

    private static @Nullable String ofMethodParameters(SourceMethod method, int number) {
        return method.method()
                .findAttribute(Attributes.methodParameters())
                .map(MethodParametersAttribute::parameters)
                .filter(parameters -> number < parameters.size())
                .flatMap(parameters -> parameters.get(number).name())
                .map(Utf8Entry::stringValue)
                .orElse(null);
    }

    private static @Nullable String ofVariable(SourceMethod method, Predicate<LocalVariable> which) {
        for (CodeElement element : method.elements()) {
            if (element instanceof LocalVariable variable && which.test(variable)) {
                return variable.name().stringValue();
            }
        }
        return null;
    }

    private static int slot(MethodTypeDesc type, int parameter) {
        int slot = 0;
        for (int i = 0; i < parameter; i++) {
            slot += TypeKind.from(type.parameterType(i)).slotSize();
        }
        return slot;
    }

    private static @Nullable String ofSignature(SourceMethod method, int number) {
        String text = String.join("\n", source(method.owner()));
        int count = method.type().parameterCount();
        Matcher signature = Pattern.compile("void\\s+" + Pattern.quote(method.name()) + "\\s*\\(([^()]*)\\)\\s*\\{")
                .matcher(text);
        String name = null;
        while (signature.find()) {
            String[] parameters = signature.group(1).split(",");
            if (parameters.length != count) {
                continue;
            }
            if (name != null) {
                return null; // two overloads of as many parameters
            }
            name = parameters[number].strip().replaceFirst("(?s)^.*\\s", "");
        }
        return name;
    }

    /** The lines of the file that Java runs as a script, none if the class is from elsewhere. */
    private static List<String> source(Class<?> owner) {
        CodeSource from = owner.getProtectionDomain().getCodeSource();
        URL file = from == null ? null : from.getLocation();
        if (file == null || !file.getPath().endsWith(".java")) {
            return List.of();
        }
        try {
            return Files.readAllLines(Path.of(file.toURI()));
        } catch (IOException | URISyntaxException | FileSystemNotFoundException e) {
            return List.of(); // the names then are positions
        }
    }
}
