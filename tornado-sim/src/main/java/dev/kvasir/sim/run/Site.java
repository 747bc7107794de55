package dev.kvasir.sim.run;

/**
 * A place of a kernel with an access to memory or a barrier.
 *
 * @param place {@code File.java:line}
 * @param what the operation, as one or two words of the source
 */
public record Site(String place, String what) {}
