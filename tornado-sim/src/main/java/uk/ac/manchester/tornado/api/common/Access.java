package uk.ac.manchester.tornado.api.common;

/** What a task does to an array. */
public enum Access {
    /** Nothing. */
    NONE,
    /** Reads it. */
    READ_ONLY,
    /** Writes it. */
    WRITE_ONLY,
    /** Both. */
    READ_WRITE
}
