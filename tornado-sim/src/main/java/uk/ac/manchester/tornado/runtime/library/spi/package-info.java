/** The interface to providers of native libraries. It exists so that they compile; the simulator calls none. */
@NullMarked
package uk.ac.manchester.tornado.runtime.library.spi;

import org.jspecify.annotations.NullMarked;
