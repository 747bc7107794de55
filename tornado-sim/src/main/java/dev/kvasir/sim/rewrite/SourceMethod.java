package dev.kvasir.sim.rewrite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;

/**
 * A static method of a kernel, read from its class file.
 *
 * @param owner the class that declares it
 * @param method the method
 * @param code its instructions
 */
record SourceMethod(Class<?> owner, MethodModel method, CodeAttribute code) {

    private static final ClassValue<ClassModel> CLASS_FILES = new ClassValue<>() {
        @Override
        protected ClassModel computeValue(Class<?> type) {
            String file = "/" + type.getName().replace('.', '/') + ".class";
            try (InputStream in = type.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("no class file " + file);
                }
                return ClassFile.of().parse(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    /** The static method of this name and descriptor. */
    static SourceMethod of(Class<?> owner, String name, String descriptor) {
        for (MethodModel method : CLASS_FILES.get(owner).methods()) {
            if (method.methodName().equalsString(name) && method.methodType().equalsString(descriptor)
                    && method.flags().has(AccessFlag.STATIC) && method.code().isPresent()) {
                return new SourceMethod(owner, method, (CodeAttribute) method.code().get());
            }
        }
        throw new IllegalStateException(owner.getName() + " has no static method " + name + descriptor);
    }

    String name() {
        return method.methodName().stringValue();
    }

    /** The name for messages: {@code Class.method}. */
    String displayName() {
        return owner.getSimpleName() + "." + name();
    }

    MethodTypeDesc type() {
        return method.methodTypeSymbol();
    }

    List<CodeElement> elements() {
        return code.elementList();
    }

    /** The place for messages: {@code File.java:line}. */
    String place(int line) {
        String file = CLASS_FILES.get(owner)
                .findAttribute(Attributes.sourceFile())
                .map(attribute -> attribute.sourceFile().stringValue())
                .orElse(owner.getSimpleName() + ".class");
        return file + ":" + line;
    }

    boolean sameAs(SourceMethod other) {
        return owner == other.owner && method.methodName().equalsString(other.name())
                && method.methodType().equalsString(other.method.methodType().stringValue());
    }
}
