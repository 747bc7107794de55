package dev.kvasir.sim.run;

/** How a kernel uses an argument. */
public enum Access {
    /** Neither reads nor writes it: a number, or an array whose size alone is used. */
    NONE,
    /** Reads it. */
    READ,
    /** Writes it. */
    WRITE,
    /** Reads and writes it. */
    READ_WRITE;

    /** The union of this access and {@code other}. */
    public Access and(Access other) {
        return values()[ordinal() | other.ordinal()];
    }

    /** Whether it is read. */
    public boolean reads() {
        return this == READ || this == READ_WRITE;
    }

    /** Whether it is written. */
    public boolean writes() {
        return this == WRITE || this == READ_WRITE;
    }
}
