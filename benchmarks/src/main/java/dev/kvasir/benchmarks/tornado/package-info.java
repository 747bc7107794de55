/** Benchmarks of the TornadoVM kernels, step by step of their ladders, on the device of the SDK that the JVM runs with. */
@NullMarked
package dev.kvasir.benchmarks.tornado;

import org.jspecify.annotations.NullMarked;
