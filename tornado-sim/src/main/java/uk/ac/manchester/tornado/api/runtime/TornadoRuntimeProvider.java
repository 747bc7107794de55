package uk.ac.manchester.tornado.api.runtime;

import dev.kvasir.sim.graph.SimBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;

/** Provides the runtime. */
public class TornadoRuntimeProvider {
    /** The runtime of this process. */
    public static TornadoRuntime getTornadoRuntime() {
        return SimBackend.RUNTIME;
    }
}
