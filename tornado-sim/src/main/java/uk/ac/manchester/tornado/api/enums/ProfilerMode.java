package uk.ac.manchester.tornado.api.enums;

/** The destination of a profile. */
public enum ProfilerMode {
    /** To the standard output. */
    CONSOLE,
    /** Into the result of the execution. */
    SILENT
}
