package uk.ac.manchester.tornado.runtime.common;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** A device, as the runtime knows it. */
public interface TornadoXPUDevice extends TornadoDevice {}
