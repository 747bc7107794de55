package uk.ac.manchester.tornado.runtime.common;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** A device of the runtime. */
public interface TornadoXPUDevice extends TornadoDevice {}
