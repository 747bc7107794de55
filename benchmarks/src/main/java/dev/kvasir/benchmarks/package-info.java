/** JMH benchmarks of the kernels. */
@NullMarked
package dev.kvasir.benchmarks;

import org.jspecify.annotations.NullMarked;
