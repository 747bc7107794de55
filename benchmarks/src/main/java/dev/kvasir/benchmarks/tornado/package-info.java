/** Benchmarks of each step of the TornadoVM kernels' ladders, on the device of the JVM's SDK. */
@NullMarked
package dev.kvasir.benchmarks.tornado;

import org.jspecify.annotations.NullMarked;
