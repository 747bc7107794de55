package dev.kvasir.kvcache.paged.graph;

/**
 * Settings that TornadoVM reads once, when it starts, as system properties, and whose defaults do not fit whole models.
 * What the user has set stays.
 */
public final class TornadoSettings {
    private TornadoSettings() {}

    /** Makes the settings; to be called before TornadoVM starts. */
    public static void make() {
        set("tornado.recover.bailout", "False"); // else a kernel that does not compile runs in Java, unnoticed
        set("tornado.tvm.maxbytecodesize", "524288"); // of one graph: 4096 hold some twenty kernels
        set("tornado.device.memory", "1024GB"); // the driver knows how much there is; the default is 4 GB
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
