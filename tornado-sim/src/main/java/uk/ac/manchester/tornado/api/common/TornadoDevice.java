package uk.ac.manchester.tornado.api.common;

import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** A device that runs kernels. */
public interface TornadoDevice {
    /** The device's name. */
    String getDeviceName();

    /** A description for users. */
    String getDescription();

    /** The name of its platform. */
    String getPlatformName();

    /** The underlying device of the driver. */
    TornadoTargetDevice getPhysicalDevice();

    /** The type of the device. */
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

    /** The target language of kernels. */
    TornadoVMBackendType getTornadoVMBackend();
}
