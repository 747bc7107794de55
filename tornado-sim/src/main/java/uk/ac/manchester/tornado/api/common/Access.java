package uk.ac.manchester.tornado.api.common;

/** How a task uses an array. */
public enum Access {
    /** Neither reads nor writes it. */
    NONE,
    /** Reads it. */
    READ_ONLY,
    /** Writes it. */
    WRITE_ONLY,
    /** Reads and writes it. */
    READ_WRITE
}
