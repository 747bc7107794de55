package uk.ac.manchester.tornado.runtime.library.spi;

/** A device that gives libraries access to the stream of its kernels. */
public interface TornadoNativeStreamSupport {
    /** The driver's handle of a plan's stream. */
    long getNativeStream(long executionPlanId);
}
