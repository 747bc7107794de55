package dev.kvasir.runner.option;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The places of a user's own policies. They are loaded as the flag is read, and from then on the class loader of the thread
 * finds them.
 */
public final class PolicyPathFlag {
    @SuppressWarnings({"unused", "UnusedVariable"}) // the thread uses it
    @Option(names = "--policy-path", paramLabel = "JARS", converter = Loading.class, description = "jars or folders with your own policies, separated as on a class path; see docs/write-your-own-policy.md")
    private @Nullable ClassLoader policies;

    /** Loads the policies of the places. */
    static final class Loading implements ITypeConverter<ClassLoader> {

        @Override
        public ClassLoader convert(String word) {
            try {
                List<Path> places = Stream.of(word.split(Pattern.quote(File.pathSeparator)))
                        .filter(place -> !place.isBlank())
                        .map(Path::of)
                        .toList();
                ClassLoader loader = PolicyPath.open(places);
                Thread.currentThread().setContextClassLoader(loader);
                return loader;
            } catch (InvalidPathException e) {
                throw new TypeConversionException("'%s' is no path: %s".formatted(word, e.getReason()));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
