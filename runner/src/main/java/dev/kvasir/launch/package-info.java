/** The launcher, compiled for Java 17. It finds a JDK for Kvasir and starts Kvasir on it. */
@NullMarked
package dev.kvasir.launch;

import org.jspecify.annotations.NullMarked;
