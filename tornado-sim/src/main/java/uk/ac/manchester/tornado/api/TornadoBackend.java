package uk.ac.manchester.tornado.api;

import java.util.List;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The devices that one kind of driver offers. */
public interface TornadoBackend {
    /** The device that is used when none is given. */
    TornadoDevice getDefaultDevice();

    /** The number of devices. */
    int getNumDevices();

    /** One device. */
    TornadoDevice getDevice(int index);

    /** All devices. */
    List<TornadoDevice> getAllDevices();

    /** The backend's name. */
    String getName();

    /** The target language of kernels. */
    TornadoVMBackendType getBackendType();
}
