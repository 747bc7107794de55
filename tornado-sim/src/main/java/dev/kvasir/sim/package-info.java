/** TornadoVM's programming model on a plain JVM: what runs kernels, and what it finds in them. */
@NullMarked
package dev.kvasir.sim;

import org.jspecify.annotations.NullMarked;
