/** The engine that runs a whole model as TornadoVM task graphs, on a device or on the simulator. */
@NullMarked
package dev.kvasir.model.engine.tornado;

import org.jspecify.annotations.NullMarked;
