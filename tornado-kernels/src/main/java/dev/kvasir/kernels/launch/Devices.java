package dev.kvasir.kernels.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices of this process: those of TornadoVM where the JVM was started with its options, else the simulator. */
public final class Devices {
    private static final String OPENCL_HALF = "cl_khr_fp16";

    private Devices() {}

    /** Whether TornadoVM itself is here, and not the simulator in its place. */
    public static boolean areReal() {
        return TaskGraph.class.getModule().isNamed();
    }

    /**
     * All devices; the first is the default.
     *
     * @throws DeviceException if TornadoVM does not start or finds none
     */
    public static List<Device> all() {
        List<Device> devices = new ArrayList<>();
        try {
            TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
            for (int b = 0; b < runtime.getNumBackends(); b++) {
                TornadoBackend backend = runtime.getBackend(b);
                for (int d = 0; d < backend.getNumDevices(); d++) {
                    devices.add(describe(b + ":" + d, backend.getDevice(d)));
                }
            }
        } catch (LinkageError | RuntimeException e) { // static initialisers and native libraries of the SDK
            throw DeviceException.ofStart(e);
        }
        if (devices.isEmpty()) {
            throw new DeviceException(
                    "TornadoVM started and found no device: see whether the SDK's command tornado lists one",
                    null);
        }
        return List.copyOf(devices);
    }

    /**
     * The device with the id {@code name}, or else the first with {@code name} in its name, in any case of letters.
     *
     * @throws IllegalArgumentException if there is none: the message lists those there are
     * @throws DeviceException as {@link #all}
     */
    public static Device named(String name) {
        List<Device> all = all();
        for (Device device : all) {
            if (device.id().equals(name)) {
                return device;
            }
        }
        for (Device device : all) {
            if (device.name().toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT))) {
                return device;
            }
        }
        throw new IllegalArgumentException("there is no device %s; choose one of %s".formatted(name,
                all.stream().map(device -> device.id() + " " + device.name()).collect(Collectors.joining(", "))));
    }

    private static Device describe(String id, TornadoDevice device) {
        return new Device(id, device.getTornadoVMBackend().name(),
                device.getPhysicalDevice().getDeviceName().strip(), device.getMaxGlobalMemory(),
                device.getDeviceLocalMemorySize(), device.getDeviceMaxWorkgroupDimensions()[0], hasHalf(device),
                device);
    }

    private static boolean hasHalf(TornadoDevice device) {
        return device.getTornadoVMBackend() != TornadoVMBackendType.OPENCL
                || device.getPhysicalDevice().getDeviceInfo().contains(OPENCL_HALF);
    }
}
