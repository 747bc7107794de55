/** The runtime's interface of a device, for providers of native libraries. */
@NullMarked
package uk.ac.manchester.tornado.runtime.common;

import org.jspecify.annotations.NullMarked;
