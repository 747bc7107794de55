package uk.ac.manchester.tornado.api;

/** The properties of a device as reported by its driver. */
public interface TornadoTargetDevice {
    /** The device's name. */
    String getDeviceName();

    /** Bytes of device memory. */
    long getDeviceGlobalMemorySize();

    /** Bytes of local memory a work-group can have. */
    long getDeviceLocalMemorySize();

    /** Multiprocessors. */
    int getDeviceMaxComputeUnits();

    /** Work-items that a group can have in each dimension. */
    long[] getDeviceMaxWorkItemSizes();

    /** Work-items that a group can have. */
    long[] getDeviceMaxWorkGroupSize();

    /** Bytes of the largest array. */
    long getDeviceMaxAllocationSize();

    /** All information from the driver, including an OpenCL device's extensions. */
    String getDeviceInfo();
}
