package uk.ac.manchester.tornado.api.common;

import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** A device that runs kernels. */
public interface TornadoDevice {
    /** The device's name. */
    String getDeviceName();

    /** What it is, in words. */
    String getDescription();

    /** The platform that it belongs to. */
    String getPlatformName();

    /** The device below. */
    TornadoTargetDevice getPhysicalDevice();

    /** What it is. */
    TornadoDeviceType getDeviceType();

    /** Bytes of the largest array. */
    long getMaxAllocMemory();

    /** Bytes of device memory. */
    long getMaxGlobalMemory();

    /** Bytes of local memory a work-group can have. */
    long getDeviceLocalMemorySize();

    /** Work-items that a group can have in each dimension. */
    long[] getDeviceMaxWorkgroupDimensions();

    /** The number of its backend. */
    int getBackendIndex();

    /** What kernels are compiled to. */
    TornadoVMBackendType getTornadoVMBackend();
}
