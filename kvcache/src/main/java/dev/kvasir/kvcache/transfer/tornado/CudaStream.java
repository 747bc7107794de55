package dev.kvasir.kvcache.transfer.tornado;

/**
 * A stream for copies to and from an array on the device.
 *
 * @param context the context that TornadoVM uses
 * @param frames where the array's elements begin on the device
 */
record CudaStream(CudaDriver driver, long context, long stream, long mark, long frames) {

    /** A new stream in the context of this thread, which is in one of TornadoVM's tasks. */
    CudaStream(CudaDriver driver, long frames) {
        this(driver, driver.context(), driver.createStream(), driver.createEvent(), frames);
    }

    /** Lets this thread use the context. */
    void enter() {
        driver.setContext(context);
    }

    /** Enqueues a copy, and the event that tells of its end. */
    void copy(boolean toDevice, long device, long host, long bytes, long event) {
        if (toDevice) {
            driver.toDevice(device, host, bytes, stream);
        } else {
            driver.toHost(host, device, bytes, stream);
        }
        driver.recordEvent(event, stream);
    }

    /** Copies from now on come after what {@code other} has been given. */
    void follow(long other) {
        driver.recordEvent(mark, other);
        driver.streamWaits(stream, mark);
    }

    /** Waits for all copies. */
    void drain() {
        enter();
        driver.waitStream(stream);
    }

    void close() {
        driver.destroyEvent(mark);
        driver.destroyStream(stream);
    }
}
