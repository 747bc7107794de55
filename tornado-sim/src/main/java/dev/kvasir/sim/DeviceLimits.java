package dev.kvasir.sim;

/** What every device of interest allows, so that what runs here fits there. */
public final class DeviceLimits {
    /** Work-items of a group. */
    public static final int GROUP = 1024;
    /** Bytes of local memory of a group, without asking the driver for more. */
    public static final int LOCAL_BYTES = 48 * 1024;

    private DeviceLimits() {}
}
