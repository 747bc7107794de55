package dev.kvasir.lab.run;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.lab.Cell;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The conditions under which all results of a run were measured.
 *
 * @param model file name of the model
 * @param modelHash SHA-256 of its bytes
 * @param engine the engine's name
 * @param threads number of cores that it uses
 * @param device the requested device; empty for the first
 * @param machine processor and system
 * @param provenance build, policies, Java, processor and kernels
 * @param seed of the run
 */
public record Origin(String model, String modelHash, String engine, int threads, String device, String machine,
        Provenance provenance, long seed) {

    /** SHA-256 of a file's bytes in hexadecimal. */
    public static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** SHA-256 of a text in hexadecimal. */
    static String hash(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Reads the fields of a line that {@link #of} has written; missing ones are empty. */
    static Origin read(Map<?, ?> fields) {
        return new Origin(text(fields, "model"), text(fields, "model_sha256"), text(fields, "engine"),
                (int) number(fields, "threads"), text(fields, "device"), text(fields, "machine"),
                new Provenance(Map.of("version", text(fields, "version"), "build_commit", text(fields, "build_commit"),
                        "java_version", text(fields, "java"))),
                number(fields, "seed"));
    }

    private static String text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    private static long number(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** The fields for the lines of a cell. */
    Map<String, Object> of(Cell cell) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seed", seed);
        fields.put("cell_seed", cell.seed());
        fields.put("model", model);
        fields.put("model_sha256", modelHash);
        fields.put("engine", engine);
        fields.put("threads", threads);
        fields.put("device", device);
        fields.put("machine", machine);
        fields.put("version", provenance.fact("version"));
        fields.put("build_commit", provenance.fact("build_commit"));
        fields.put("java", provenance.fact("java_version"));
        fields.put("provenance", provenance.hash());
        if (cell.cacheOptions().filter(Origin::isOfTheUser).isPresent()) {
            fields.put(Provenance.POLICY_JARS, provenance.fact(Provenance.POLICY_JARS));
        }
        cell.cacheOptions().ifPresent(options -> fields.put("cache", cache(options)));
        return fields;
    }

    private static boolean isOfTheUser(CacheOptions options) {
        return options.policy().getClass().getClassLoader() != Origin.class.getClassLoader();
    }

    /** All options of a cache by name: {@code page_size}, {@code dense_layers}, … */
    public static Map<String, Object> cache(CacheOptions options) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : CacheOptions.class.getRecordComponents()) {
            String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            fields.put(name, plain(value(component, options)));
        }
        return fields;
    }

    private static Object value(RecordComponent component, CacheOptions options) {
        try {
            return component.getAccessor().invoke(options);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a public record shows its components", e);
        }
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Number n -> n;
            case Boolean b -> b;
            case CachePolicy policy -> policy.name();
            case Map<?, ?> map -> map;
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            default -> value.toString();
        };
    }
}
