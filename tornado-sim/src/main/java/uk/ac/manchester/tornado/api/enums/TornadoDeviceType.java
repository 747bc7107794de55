package uk.ac.manchester.tornado.api.enums;

/** The type of a device. */
public enum TornadoDeviceType {
    /** Unknown. */
    UNKNOWN,
    /** The platform's default. */
    DEFAULT,
    /** A processor that runs kernels. */
    CPU,
    /** A graphics processor. */
    GPU,
    /** Reconfigurable logic. */
    FPGA,
    /** Another accelerator. */
    ACCELERATOR,
    /** A device of the platform's own kind. */
    CUSTOM,
    /** Any of them. */
    ALL
}
