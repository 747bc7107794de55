package dev.kvasir.sim.run;

/** What a kernel does with an argument. */
public enum Access {
    /** Nothing: a number, or an array of which only the size is used. */
    NONE,
    /** Reads it. */
    READ,
    /** Writes it. */
    WRITE,
    /** Reads and writes it. */
    READ_WRITE;

    /** This and {@code other}. */
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
