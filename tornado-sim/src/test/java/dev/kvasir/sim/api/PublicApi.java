package dev.kvasir.sim.api;

import java.io.IOException;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.reflect.AccessFlag;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a set of class files offers of {@code uk.ac.manchester.tornado}: every public or protected class, field and method,
 * with its flags, descriptor and constant value. Read as data; nothing is loaded.
 */
final class PublicApi {
    private static final String PACKAGE = "uk/ac/manchester/tornado";
    private static final Set<AccessFlag> COMPARED = Set.of(AccessFlag.PUBLIC, AccessFlag.PROTECTED, AccessFlag.STATIC,
            AccessFlag.ABSTRACT, AccessFlag.INTERFACE, AccessFlag.FINAL, AccessFlag.VARARGS, AccessFlag.ENUM);

    /** By class, by {@code name descriptor} of a member; the empty member is the class itself. */
    private final Map<String, Map<String, String>> classes;

    private PublicApi(Map<String, Map<String, String>> classes) {
        this.classes = classes;
    }

    /** The API in a folder of class files. */
    static PublicApi ofFolder(Path folder) throws IOException {
        return read(folder.resolve(PACKAGE));
    }

    /** The API in a jar, or in several together. */
    static PublicApi ofJars(Path... jars) throws IOException {
        var classes = new TreeMap<String, Map<String, String>>();
        for (Path jar : jars) {
            try (var files = FileSystems.newFileSystem(jar)) {
                classes.putAll(read(files.getPath(PACKAGE)).classes);
            }
        }
        return new PublicApi(classes);
    }

    private static PublicApi read(Path root) throws IOException {
        var classes = new TreeMap<String, Map<String, String>>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                ClassModel type = ClassFile.of().parse(Files.readAllBytes(file));
                if (isOffered(type.flags())) {
                    classes.put(type.thisClass().asInternalName(), members(type));
                }
            }
        }
        return new PublicApi(classes);
    }

    private static Map<String, String> members(ClassModel type) {
        var members = new LinkedHashMap<String, String>();
        members.put("", flags(type.flags()) + " extends "
                + type.superclass().map(name -> name.asInternalName()).orElse("nothing"));
        for (FieldModel field : type.fields()) {
            if (isOffered(field.flags())) {
                String value = field.findAttribute(Attributes.constantValue())
                        .map(ConstantValueAttribute::constant)
                        .map(constant -> " = " + constant.constantValue())
                        .orElse("");
                members.put(field.fieldName() + " " + field.fieldType(), flags(field.flags()) + value);
            }
        }
        for (MethodModel method : type.methods()) {
            if (isOffered(method.flags()) && !method.flags().has(AccessFlag.SYNTHETIC)) {
                members.put(method.methodName() + method.methodType().stringValue(), flags(method.flags()));
            }
        }
        return members;
    }

    private static boolean isOffered(AccessFlags flags) {
        return flags.has(AccessFlag.PUBLIC) || flags.has(AccessFlag.PROTECTED);
    }

    private static String flags(AccessFlags flags) {
        return flags.flags()
                .stream()
                .filter(COMPARED::contains)
                .map(flag -> flag.name().toLowerCase(java.util.Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /**
     * The members of this API that {@code other} lacks or declares differently: {@code class.member} to the difference.
     */
    Map<String, String> differencesFrom(PublicApi other) {
        var differences = new TreeMap<String, String>();
        classes.forEach((name, members) -> members.forEach((member, flags) -> {
            String theirs = other.classes.getOrDefault(name, Map.of()).get(member);
            if (!Objects.equals(flags, theirs)) {
                differences.put(name.substring(PACKAGE.length() + 1) + "." + member,
                        theirs == null ? "missing" : "is " + flags + ", must be " + theirs);
            }
        }));
        return differences;
    }

    int size() {
        return classes.size();
    }
}
