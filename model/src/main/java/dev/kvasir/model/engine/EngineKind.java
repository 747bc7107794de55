package dev.kvasir.model.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of engines. */
public enum EngineKind {
    /** Vector API kernels on all cores. */
    VECTOR,
    /** Scalar Java on one core: slow, the control for all other engines. */
    REFERENCE,
    /** Task graphs on a device of TornadoVM, which needs its SDK. */
    TORNADO,
    /** The same task graphs on the simulator, in plain Java: slow, for tests and teaching. */
    SIM;

    /** The name on the command line. */
    public String optionName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The engine of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists all names
     */
    public static EngineKind named(String name) {
        for (EngineKind kind : values()) {
            if (kind.optionName().equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("there is no engine %s; choose one of %s".formatted(name,
                Arrays.stream(values()).map(EngineKind::optionName).collect(Collectors.joining(", "))));
    }
}
