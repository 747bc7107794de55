package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The backends of this process. */
public interface TornadoRuntime {
    /** One backend. */
    TornadoBackend getBackend(int index);

    /** What a backend compiles to. */
    TornadoVMBackendType getBackendType(int index);

    /** How many backends there are. */
    int getNumBackends();

    /** The device that is used when none is given. */
    TornadoDevice getDefaultDevice();
}
