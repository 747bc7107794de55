/** Earlier versions of the top-k kernel, for teaching and benchmarks. */
@NullMarked
package dev.kvasir.kernels.choice.tornado.ladder;

import org.jspecify.annotations.NullMarked;
