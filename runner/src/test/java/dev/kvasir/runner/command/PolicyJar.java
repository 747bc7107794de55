package dev.kvasir.runner.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/** Makes jars of policies from source, as users do. */
final class PolicyJar {
    private final Path classes;
    private final Path folder;

    private PolicyJar(Path folder) {
        this.folder = folder;
        classes = folder.resolve("classes");
    }

    static PolicyJar in(Path folder) {
        return new PolicyJar(folder);
    }

    /** The folder of its classes and services. */
    Path classes() {
        return classes;
    }

    /** Compiles a class. */
    PolicyJar source(String simpleName, String text) throws IOException {
        Path file = folder.resolve(simpleName + ".java");
        Files.writeString(file, text);
        Files.createDirectories(classes);
        var compiler = ToolProvider.getSystemJavaCompiler();
        var messages = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(messages, files, null,
                    List.of("-cp", System.getProperty("java.class.path"), "-proc:none", "-d", classes.toString()), null,
                    files.getJavaFileObjects(file)).call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
        return this;
    }

    /** Names a class in a file of services. */
    PolicyJar service(String file, String className) throws IOException {
        Path service = classes.resolve(file);
        Files.createDirectories(service.getParent());
        Files.writeString(service, className + "\n");
        return this;
    }

    /** Packs all of it. */
    Path pack(String name) throws IOException {
        Path jar = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString().replace('\\', '/')));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
