package dev.kvasir.benchmarks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The API is a list of packages, and a few types of other packages that its signatures name. */
class ApiTest {
    private static final List<String> LIBRARIES = List.of("tornado-kernels", "kvcache", "model");
    private static final Pattern MARK = Pattern.compile("Part of the API\\.");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

    @Test
    void theGuideListsThePackagesThatAreMarked() throws IOException {
        assertThat(rows("(dev\\.kvasir[a-z.]*)")).containsExactlyInAnyOrderElementsOf(marked());
    }

    @Test
    void theGuideListsTheOtherTypesThatSignaturesOfTheApiName() throws IOException {
        Set<String> packages = marked();
        var classes = new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.kvasir");
        Set<String> named = new TreeSet<>();
        var open = new ArrayDeque<JavaClass>();
        classes.stream().filter(type -> packages.contains(type.getPackageName()) && isVisible(type)).forEach(open::add);
        while (!open.isEmpty()) {
            for (JavaClass other : namedBy(open.remove())) {
                // a value consists of what it names; other types only pass through
                if (!packages.contains(other.getPackageName()) && named.add(other.getName())
                        && (other.isRecord() || other.isEnum())) {
                    open.add(other);
                }
            }
        }
        assertThat(rows("(dev\\.kvasir[a-z.]*\\.[A-Z]\\w*)")).containsExactlyInAnyOrderElementsOf(named);
    }

    private static List<String> rows(String name) throws IOException {
        return Pattern.compile("(?m)^\\| `" + name + "` \\|")
                .matcher(Files.readString(Path.of("../docs/embed.md")))
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    /** The types of Kvasir in what a type shows to others. */
    private static List<JavaClass> namedBy(JavaClass type) {
        List<JavaType> named = new ArrayList<>(type.getRawInterfaces());
        type.getRawSuperclass().ifPresent(named::add);
        for (JavaCodeUnit unit : type.getCodeUnits()) {
            if (isVisible(unit.getModifiers())) {
                named.addAll(unit.getParameterTypes());
                named.add(unit.getReturnType());
                named.addAll(unit.getExceptionTypes());
            }
        }
        for (JavaField field : type.getFields()) {
            if (isVisible(field.getModifiers())) {
                named.add(field.getType());
            }
        }
        return named.stream()
                .flatMap(each -> each.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getBaseComponentType)
                .filter(each -> each.getPackageName().startsWith("dev.kvasir"))
                .toList();
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ApiTest::isVisible).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    /** The packages whose description says that they are part of the API. */
    private static Set<String> marked() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (String module : LIBRARIES) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path file : files.filter(each -> each.endsWith("package-info.java")).toList()) {
                    String text = Files.readString(file);
                    Matcher name = PACKAGE.matcher(text);
                    if (MARK.matcher(text).find() && name.find()) {
                        packages.add(name.group(1));
                    }
                }
            }
        }
        return packages;
    }
}
