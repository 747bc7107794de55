/** How fast a model reads and writes, in llama-bench's words. */
@NullMarked
package dev.kvasir.runner.bench;

import org.jspecify.annotations.NullMarked;
