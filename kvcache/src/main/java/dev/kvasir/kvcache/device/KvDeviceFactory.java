package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.page.PageGeometry;

/** Makes the device of a cache once its size is known. */
@FunctionalInterface
public interface KvDeviceFactory {

    /** A device with {@code frames} frames of this shape, its memory allocated. */
    KvDevice create(PageGeometry geometry, int frames);
}
