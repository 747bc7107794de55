package dev.kvasir.lab.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What produced a number beside the settings: the build of Kvasir, the policies of the user, Java and its options, the
 * processor, and the forms of the kernels that ran.
 *
 * @param facts name to value. All are written; {@link #DECISIVE} ones must be equal in results that share a mean
 */
public record Provenance(Map<String, String> facts) {
    /** The facts that can change a result. A patch of the JDK, the number of cores or the system do not. */
    static final List<String> DECISIVE = List.of("policy_jars", "version", "build_commit", "jar_sha256", "java",
            "jvm_options", "cpu_info", "kernels");

    /** The fact with the hashes of the user's policies. */
    static final String POLICY_JARS = "policy_jars";

    /** Options of the JVM that differ from start to start or only give memory. */
    private static final String HARMLESS = "-Dkvasir\\.parent=.*|-XX:SharedArchiveFile=.*|-Xshare:.*|-XX:\\+AutoCreateSharedArchive|-Xm[xs].*|-Xlog.*|-XX:CompileCommand=.*|-XX:MaxRAMPercentage=.*";

    public Provenance {
        facts = new LinkedHashMap<>(facts);
    }

    /**
     * That of this process.
     *
     * @param cpu the processor's name
     * @param kernels the forms of the kernels, in words
     */
    public static Provenance of(String cpu, String kernels) throws IOException {
        Build build = Build.current();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", build.version());
        facts.put("build_commit", build.commit());
        facts.put("build_number", Integer.toString(build.number()));
        facts.put("jar_sha256", build.isExact() ? "" : ownJar());
        facts.put(POLICY_JARS, PolicyJars.text(PolicyJars.of(Thread.currentThread().getContextClassLoader())));
        facts.put("java", "%d, %s".formatted(Runtime.version().feature(), System.getProperty("java.vendor")));
        facts.put("java_version", System.getProperty("java.vm.version"));
        facts.put("jvm_options", ManagementFactory.getRuntimeMXBean()
                .getInputArguments()
                .stream()
                .filter(option -> !option.matches(HARMLESS))
                .collect(Collectors.joining(" ")));
        facts.put("os", "%s %s, %s".formatted(System.getProperty("os.name"), System.getProperty("os.version"),
                System.getProperty("os.arch")));
        facts.put("cpu_info", cpu);
        facts.put("n_cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("kernels", kernels);
        return new Provenance(facts);
    }

    /** SHA-256 of the jar with this class; empty if it does not come from a jar. */
    private static String ownJar() throws IOException {
        var source = Provenance.class.getProtectionDomain().getCodeSource();
        try {
            Path place = source == null ? Path.of("") : Path.of(source.getLocation().toURI());
            return Files.isRegularFile(place) ? Hashes.of(place) : "";
        } catch (URISyntaxException e) {
            throw new IOException("the jar of Kvasir cannot be read", e);
        }
    }

    /** A fact; empty if unknown. */
    public String fact(String name) {
        return facts.getOrDefault(name, "");
    }

    /** Twelve digits that differ if any decisive fact does. */
    public String hash() {
        return Hashes.of(DECISIVE.stream().map(name -> name + "=" + fact(name)).collect(Collectors.joining("\n")))
                .substring(0, 12);
    }

    /** The first decisive fact that differs, with both values: {@code its cpu_info is 'A', this one's 'B'}. */
    Optional<String> difference(Provenance other) {
        return DECISIVE.stream()
                .filter(name -> !fact(name).equals(other.fact(name)))
                .findFirst()
                .map(name -> "its %s is '%s', this one's '%s'".formatted(name, told(other, name), told(this, name)));
    }

    /** As {@link #difference}, for runs that one report joins: a run without policies of the user goes with any other. */
    Optional<String> conflict(Provenance other) {
        boolean isBuiltIn = fact(POLICY_JARS).isEmpty() || other.fact(POLICY_JARS).isEmpty();
        return isBuiltIn ? without(POLICY_JARS).difference(other.without(POLICY_JARS)) : difference(other);
    }

    private Provenance without(String name) {
        Map<String, String> others = new LinkedHashMap<>(facts);
        others.remove(name);
        return new Provenance(others);
    }

    private static String told(Provenance provenance, String name) {
        return provenance.fact(name).isEmpty() ? "unknown or none" : provenance.fact(name);
    }
}
