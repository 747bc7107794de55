/** What a device must offer on page frames, and the devices there are. */
@NullMarked
package dev.kvasir.kvcache.device;

import org.jspecify.annotations.NullMarked;
