package uk.ac.manchester.tornado.api.enums;

/** Where a profile goes. */
public enum ProfilerMode {
    /** To the standard output. */
    CONSOLE,
    /** Into the result of the execution. */
    SILENT
}
