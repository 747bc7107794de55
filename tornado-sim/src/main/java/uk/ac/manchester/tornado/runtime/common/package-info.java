/** What the runtime tells providers of native libraries of a device. */
@NullMarked
package uk.ac.manchester.tornado.runtime.common;

import org.jspecify.annotations.NullMarked;
