package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The backends of this process. */
public interface TornadoRuntime {
    /** One backend. */
    TornadoBackend getBackend(int index);

    /** The target language of a backend. */
    TornadoVMBackendType getBackendType(int index);

    /** The number of backends. */
    int getNumBackends();

    /** The device that is used when none is given. */
    TornadoDevice getDefaultDevice();
}
