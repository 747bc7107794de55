package dev.kvasir.sim.graph;

import dev.kvasir.sim.DeviceLimits;
import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;

/** The simulator's only device: this JVM. Its limits are {@link DeviceLimits}. */
public enum SimDevice implements TornadoDevice, TornadoTargetDevice {
    /** The device. */
    INSTANCE;

    /** The device {@code 0:0}; any other number is an error. */
    public static TornadoDevice at(int backend, int device) {
        if (backend != 0 || device != 0) {
            throw new TornadoRuntimeException(
                    "the simulator has one device, 0:0; there is no " + backend + ":" + device);
        }
        return INSTANCE;
    }

    /** Throws if the device is not this one. */
    public static void require(TornadoDevice device) {
        if (device != INSTANCE) {
            throw new TornadoRuntimeException(device.getDeviceName() + " is not a device of the simulator");
        }
    }

    @Override
    public String getDeviceName() {
        return "tornado-sim";
    }

    @Override
    public String getDescription() {
        return "kernels run by this JVM, one work-item after the other";
    }

    @Override
    public String getPlatformName() {
        return "Kvasir simulator";
    }

    @Override
    public TornadoTargetDevice getPhysicalDevice() {
        return this;
    }

    @Override
    public TornadoDeviceType getDeviceType() {
        return TornadoDeviceType.CUSTOM;
    }

    @Override
    public long getMaxAllocMemory() {
        return getMaxGlobalMemory();
    }

    @Override
    public long getMaxGlobalMemory() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public long getDeviceLocalMemorySize() {
        return DeviceLimits.LOCAL_BYTES;
    }

    @Override
    public long[] getDeviceMaxWorkgroupDimensions() {
        return new long[]{DeviceLimits.GROUP, DeviceLimits.GROUP, 64};
    }

    @Override
    public int getBackendIndex() {
        return 0;
    }

    @Override
    public TornadoVMBackendType getTornadoVMBackend() {
        return TornadoVMBackendType.JAVA;
    }

    @Override
    public long getDeviceGlobalMemorySize() {
        return getMaxGlobalMemory();
    }

    @Override
    public int getDeviceMaxComputeUnits() {
        return 1;
    }

    @Override
    public long[] getDeviceMaxWorkItemSizes() {
        return getDeviceMaxWorkgroupDimensions();
    }

    @Override
    public long[] getDeviceMaxWorkGroupSize() {
        return new long[]{DeviceLimits.GROUP};
    }

    @Override
    public long getDeviceMaxAllocationSize() {
        return getMaxGlobalMemory();
    }

    @Override
    public String getDeviceInfo() {
        return getDescription();
    }
}
