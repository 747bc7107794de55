package dev.kvasir.sim.run;

/**
 * A place of a kernel where memory is used or a barrier waits.
 *
 * @param place {@code File.java:line}
 * @param what what is done there, as a word or two of the source
 */
public record Site(String place, String what) {}
