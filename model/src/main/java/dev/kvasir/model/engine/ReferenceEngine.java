package dev.kvasir.model.engine;

import dev.kvasir.kvcache.device.KvDeviceFactory;
import dev.kvasir.kvcache.device.ReferenceKvDevice;
import dev.kvasir.model.transformer.Ops;

/** Scalar Java on one core: the control for all other engines. */
public final class ReferenceEngine implements CallEngine {
    private final Ops ops = new ReferenceOps();

    @Override
    public Ops ops() {
        return ops;
    }

    @Override
    public KvDeviceFactory devices() {
        return ReferenceKvDevice::new;
    }

    @Override
    public void close() {}
}
