package dev.kvasir.sim;

/** A fault of a kernel or of the task graph that runs it. */
public final class KernelFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Kinds of faults. */
    public enum Kind {
        /** An index outside its array, in global, local or private memory. */
        OUT_OF_BOUNDS,
        /** Two work-items access one element between two barriers, and at least one of them writes it. */
        DATA_RACE,
        /** Only some work-items of a group reach a barrier. */
        DIVERGENT_BARRIER,
        /** Local or private memory is read before it is written. */
        UNINITIALISED_READ,
        /** The kernel uses a feature that the device's compiler rejects or compiles wrongly. */
        REJECTED,
        /** A task uses an array that was not copied to the device. */
        MISSING_TRANSFER,
        /** The grid or the arguments do not fit the kernel. */
        LAUNCH,
        /** Any other exception inside a kernel. */
        FAILED
    }

    private final Kind kind;

    /** A fault with a message of one sentence. */
    public KernelFault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** A fault with a message of one sentence and its cause. */
    public KernelFault(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** The kind of the fault. */
    public Kind kind() {
        return kind;
    }
}
