package uk.ac.manchester.tornado.runtime.library.spi;

/** The state of a provider for one device and plan. */
public interface LibraryContext {}
