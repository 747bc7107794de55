/** The cache of pages in task graphs of TornadoVM. */
@NullMarked
package dev.kvasir.kvcache.paged.graph;

import org.jspecify.annotations.NullMarked;
