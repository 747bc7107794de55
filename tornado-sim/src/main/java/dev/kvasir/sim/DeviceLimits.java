package dev.kvasir.sim;

/** The smallest limits among the supported devices. A kernel that runs in the simulator fits all of them. */
public final class DeviceLimits {
    /** Work-items of a group. */
    public static final int GROUP = 1024;
    /** Bytes of local memory of a group, without a request to the driver for more. */
    public static final int LOCAL_BYTES = 48 * 1024;

    private DeviceLimits() {}
}
