/** Asynchronous copies between frames and the host store. */
@NullMarked
package dev.kvasir.kvcache.transfer;

import org.jspecify.annotations.NullMarked;
