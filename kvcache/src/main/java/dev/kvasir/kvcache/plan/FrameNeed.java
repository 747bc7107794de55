package dev.kvasir.kvcache.plan;

/** The frames that a sequence of some length can need at most. */
public interface FrameNeed {

    /** Frames held once the prompt has been read. */
    long steadyFrames();

    /** Frames by which one layer is over its budget while it reads the prompt; one layer at a time. */
    long promptFrames();

    /** Refuses a sequence whose frames exceed the free ones. */
    KvMemoryException noDeviceMemory(long frameBytes, long freeFrames, long allFrames);
}
