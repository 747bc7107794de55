/** TornadoVM's programming model on a plain JVM: runs kernels and reports their faults and memory traffic. */
@NullMarked
package dev.kvasir.sim;

import org.jspecify.annotations.NullMarked;
