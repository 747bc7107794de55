package uk.ac.manchester.tornado.runtime.library.spi;

/** A device that lets libraries see the stream its kernels are launched on. */
public interface TornadoNativeStreamSupport {
    /** The stream of a plan, as its driver knows it. */
    long getNativeStream(long executionPlanId);
}
