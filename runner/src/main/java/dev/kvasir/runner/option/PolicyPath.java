package dev.kvasir.runner.option;

import dev.kvasir.kvcache.Policies;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.kvcache.policy.PagePolicy;
import dev.kvasir.kvcache.policy.TokenPolicy;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The policies of a user: classes in jars or folders, each named in {@code META-INF/services}. All are created once before
 * the command starts, so that a broken one is an error at once and not in the middle of a run.
 */
public final class PolicyPath {
    private static final int CLASS_FILE_OF_JAVA_1 = 44;
    private static final Pattern CLASS_FILE = Pattern.compile("([\\w/$.]+) .*class file version (\\d+)");

    private PolicyPath() {}

    /**
     * A loader that finds the policies of {@code places} beside Kvasir's own.
     *
     * @throws IllegalArgumentException if a place cannot be read, or a policy cannot be made: the message has the reason
     *             and the next action
     */
    public static URLClassLoader open(List<Path> places) {
        var urls = new ArrayList<URL>();
        boolean any = false;
        for (Path place : places) {
            any |= namesPolicies(place);
            urls.add(url(place));
        }
        if (!any) {
            throw new IllegalArgumentException(
                    "%s names no policy: write the name of its class into META-INF/services/%s or %s in it".formatted(
                            String.join(" and ", places.stream().map(Path::toString).toList()),
                            PagePolicy.class.getName(), TokenPolicy.class.getName()));
        }
        var loader = new URLClassLoader(urls.toArray(URL[]::new), PolicyPath.class.getClassLoader());
        var taken = Policies.byName().keySet();
        check(loader, PagePolicy.class, taken);
        check(loader, TokenPolicy.class, taken);
        return loader;
    }

    private static boolean namesPolicies(Path place) {
        var services = List.of("META-INF/services/" + PagePolicy.class.getName(),
                "META-INF/services/" + TokenPolicy.class.getName());
        if (Files.isDirectory(place)) {
            return services.stream().anyMatch(service -> Files.isRegularFile(place.resolve(service)));
        }
        if (!Files.exists(place)) {
            throw new IllegalArgumentException("there is no %s: --policy-path takes jars and folders".formatted(place));
        }
        try (var jar = new JarFile(place.toFile())) {
            return services.stream().anyMatch(service -> jar.getEntry(service) != null);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "%s is no jar that can be read (%s): make it again with `jar --create`".formatted(place,
                            e.getMessage()),
                    e);
        }
    }

    private static URL url(Path place) {
        try {
            return place.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("%s is no place of classes: %s".formatted(place, e.getMessage()), e);
        }
    }

    private static void check(ClassLoader loader, Class<? extends CachePolicy> kind, Set<String> taken) {
        try {
            for (CachePolicy policy : ServiceLoader.load(kind, loader)) {
                Class<?> type = policy.getClass();
                if (type.getClassLoader() == loader && taken.contains(policy.name())) {
                    throw new IllegalArgumentException(
                            "the policy of class %s is named %s, which is the name of another policy: give it its own name"
                                    .formatted(type.getName(), policy.name()));
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new IllegalArgumentException(sentence(e), e);
        } catch (UnsupportedClassVersionError e) {
            throw new IllegalArgumentException(newer(e), e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "a policy does not fit this version of Kvasir or lacks a class (%s: %s): compile it against this runner.jar and put the classes that it needs on --policy-path, too"
                            .formatted(e.getClass().getSimpleName(), e.getMessage()),
                    e);
        }
    }

    private static String sentence(ServiceConfigurationError error) {
        Throwable cause = error.getCause();
        // The name of the service, which comes first, says nothing new.
        String what = String.valueOf(error.getMessage()).replaceFirst("^.*?: ", "");
        return switch (cause) {
            case null -> "a policy cannot be loaded: %s".formatted(what);
            case UnsupportedClassVersionError e -> newer(e);
            case NoSuchMethodException e ->
                "a policy cannot be made: %s, which a public class must have".formatted(what);
            default -> "a policy cannot be made: %s, %s".formatted(what, cause);
        };
    }

    private static String newer(UnsupportedClassVersionError error) {
        Matcher found = CLASS_FILE.matcher(String.valueOf(error.getMessage()));
        int own = Runtime.version().feature();
        return found.find()
                ? "class %s was compiled for Java %d and this is Java %d: compile it with `javac --release %d`"
                        .formatted(
                                found.group(1).replace('/', '.'),
                                Integer.parseInt(found.group(2)) - CLASS_FILE_OF_JAVA_1, own,
                                own)
                : "a policy was compiled for a newer Java than %d: compile it with `javac --release %d`".formatted(own,
                        own);
    }
}
