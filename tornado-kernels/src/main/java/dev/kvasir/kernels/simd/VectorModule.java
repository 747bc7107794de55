package dev.kvasir.kernels.simd;

import java.lang.foreign.MemorySegment;

/** What the vector engine needs of its JVM, and only has if the command line of Java asks for it. */
public final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";
    private static final boolean IS_THERE = ModuleLayer.boot().findModule(NAME).isPresent();
    private static final boolean IS_NATIVE_ALLOWED = isNativeAllowed();

    private VectorModule() {}

    /**
     * Checks that this JVM has the module of the Vector API and lets this code call native functions.
     *
     * @throws IllegalStateException if not; the message names the options of Java
     */
    public static void require() {
        if (!IS_THERE || !IS_NATIVE_ALLOWED) {
            throw new IllegalStateException(
                    "this JVM was started without %s, which the vector engine needs: start Java with --add-modules %s --enable-native-access=ALL-UNNAMED, or with @kvasir.args, the file beside runner.jar"
                            .formatted(IS_THERE ? "native access" : "the module " + NAME, NAME));
        }
    }

    private static boolean isNativeAllowed() {
        try {
            return VectorModule.class.getModule().isNativeAccessEnabled() // otherwise it may be allowed with a warning
                    || MemorySegment.NULL.reinterpret(0).byteSize() == 0;
        } catch (IllegalCallerException e) {
            return false;
        }
    }
}
