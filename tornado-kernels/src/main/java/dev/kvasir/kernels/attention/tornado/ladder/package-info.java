/** Earlier versions of the attention kernels, from naive to tuned, for teaching and benchmarks. */
@NullMarked
package dev.kvasir.kernels.attention.tornado.ladder;

import org.jspecify.annotations.NullMarked;
