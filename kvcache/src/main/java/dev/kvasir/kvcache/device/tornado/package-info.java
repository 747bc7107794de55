/** Page frames on a device that runs TornadoVM task graphs, and the graphs that share it. */
@NullMarked
package dev.kvasir.kvcache.device.tornado;

import org.jspecify.annotations.NullMarked;
