package dev.kvasir.sim.rewrite;

import java.lang.constant.ClassDesc;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The names of the programming API that the rewriting of kernels uses. */
final class ApiNames {
    static final String API = "uk/ac/manchester/tornado/api/";
    static final String CONTEXT = API + "KernelContext";
    static final String ARRAYS = API + "types/arrays/";
    static final String HALF = API + "types/HalfFloat";
    static final String MATH = API + "math/TornadoMath";
    static final String PARALLEL = "L" + API + "annotations/Parallel;";

    static final ClassDesc CONTEXT_TYPE = ClassDesc.ofInternalName(CONTEXT);

    /** The fields of a context, with the fields of {@code WorkItem} that replace them. */
    private static final Map<String, String> INDICES = Map.ofEntries(Map.entry("globalIdx", "globalX"),
            Map.entry("globalIdy", "globalY"), Map.entry("globalIdz", "globalZ"), Map.entry("localIdx", "localX"),
            Map.entry("localIdy", "localY"), Map.entry("localIdz", "localZ"), Map.entry("groupIdx", "groupX"),
            Map.entry("groupIdy", "groupY"), Map.entry("groupIdz", "groupZ"),
            Map.entry("globalGroupSizeX", "globalSizeX"), Map.entry("globalGroupSizeY", "globalSizeY"),
            Map.entry("globalGroupSizeZ", "globalSizeZ"), Map.entry("localGroupSizeX", "localSizeX"),
            Map.entry("localGroupSizeY", "localSizeY"), Map.entry("localGroupSizeZ", "localSizeZ"));

    /** The allocating methods of a context, with the methods of {@code LocalMemory} that replace them. */
    private static final Map<String, String> ALLOCATIONS = Map.of("allocateFloatLocalArray", "floats",
            "allocateIntLocalArray", "ints", "allocateLongLocalArray", "longs", "allocateDoubleLocalArray", "doubles",
            "allocateByteLocalArray", "bytes", "allocateHalfFloatLocalArray", "halves");

    private ApiNames() {}

    static String index(String contextField) {
        return Objects.requireNonNull(INDICES.get(contextField), contextField);
    }

    static @Nullable String allocation(String contextMethod) {
        return ALLOCATIONS.get(contextMethod);
    }

    static boolean isBarrier(String contextMethod) {
        return contextMethod.equals("localBarrier") || contextMethod.equals("globalBarrier");
    }

    static boolean isMatrixUnit(String contextMethod) {
        return contextMethod.startsWith("mma");
    }

    static boolean isArray(String owner) {
        return owner.startsWith(ARRAYS);
    }

    /** Whether a static method of {@code owner} is a helper, whose code is part of the kernel. */
    static boolean isHelper(String owner) {
        return !owner.startsWith("java/") && !owner.startsWith("jdk/") && !owner.startsWith(API);
    }
}
