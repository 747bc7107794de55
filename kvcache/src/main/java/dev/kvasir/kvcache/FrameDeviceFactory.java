package dev.kvasir.kvcache;

import dev.kvasir.kvcache.device.FrameDevice;

/** Makes the device of a cache once all of the cache is known. */
@FunctionalInterface
public interface FrameDeviceFactory {

    /** A device for this cache, its memory allocated. */
    FrameDevice create(CacheLayout layout);
}
