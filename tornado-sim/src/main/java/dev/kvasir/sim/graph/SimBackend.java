package dev.kvasir.sim.graph;

import java.util.List;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The simulator's only backend, which is also its runtime. */
public enum SimBackend implements TornadoBackend, TornadoRuntime {
    /** The backend and the runtime. */
    RUNTIME;

    @Override
    public TornadoDevice getDefaultDevice() {
        return SimDevice.INSTANCE;
    }

    @Override
    public int getNumDevices() {
        return 1;
    }

    @Override
    public TornadoDevice getDevice(int index) {
        return SimDevice.at(0, index);
    }

    @Override
    public List<TornadoDevice> getAllDevices() {
        return List.of(SimDevice.INSTANCE);
    }

    @Override
    public String getName() {
        return "simulator";
    }

    @Override
    public TornadoVMBackendType getBackendType() {
        return TornadoVMBackendType.JAVA;
    }

    @Override
    public TornadoBackend getBackend(int index) {
        SimDevice.at(index, 0);
        return this;
    }

    @Override
    public TornadoVMBackendType getBackendType(int index) {
        return getBackend(index).getBackendType();
    }

    @Override
    public int getNumBackends() {
        return 1;
    }
}
