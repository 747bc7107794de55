package dev.kvasir.kvcache.device;

import dev.kvasir.kvcache.plan.CachePlan;

/** Makes the device of a cache once all of the cache is known. */
@FunctionalInterface
public interface FrameDeviceFactory {

    /** A device for this cache, its memory allocated. */
    FrameDevice create(CachePlan layout);
}
