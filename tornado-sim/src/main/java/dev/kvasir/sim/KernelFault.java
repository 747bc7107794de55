package dev.kvasir.sim;

/** Something that is wrong with a kernel or with the task graph that runs it. */
public final class KernelFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Kinds of faults. */
    public enum Kind {
        /** An index outside its array, in global, local or private memory. */
        OUT_OF_BOUNDS,
        /** Two work-items use one element between two barriers, and at least one writes it. */
        DATA_RACE,
        /** Only some work-items of a group reach a barrier. */
        DIVERGENT_BARRIER,
        /** Local or private memory is read before it is written. */
        UNINITIALISED_READ,
        /** The kernel uses what the device's compiler rejects or gets wrong. */
        REJECTED,
        /** An array is used that was not brought to the device. */
        MISSING_TRANSFER,
        /** The grid or the arguments do not fit the kernel. */
        LAUNCH,
        /** Any other exception inside a kernel. */
        FAILED
    }

    private final Kind kind;

    /** A fault with a sentence. */
    public KernelFault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** A fault with a sentence and what caused it. */
    public KernelFault(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What kind of fault it is. */
    public Kind kind() {
        return kind;
    }
}
