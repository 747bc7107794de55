package dev.kvasir.lab.run;

import dev.kvasir.kvcache.plan.CacheOptions;
import dev.kvasir.kvcache.policy.CachePolicy;
import dev.kvasir.lab.Cell;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
            case Optional<?> given -> given.map(Object::toString).orElse("");
            case Enum<?> constant -> {
                String name = constant.name().toLowerCase(Locale.ROOT);
                yield name.matches("q\\d_\\d") ? name : name.replace('_', '-');
            }
            default -> value.toString();
        };
    }
}
