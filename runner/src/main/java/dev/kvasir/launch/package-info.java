/** The launcher, compiled for Java 17: finds a JDK that can run Kvasir and starts it there. */
@NullMarked
package dev.kvasir.launch;

import org.jspecify.annotations.NullMarked;
