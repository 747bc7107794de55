/** One long-lived worker a core. */
@NullMarked
package dev.kvasir.kernels.parallel;

import org.jspecify.annotations.NullMarked;
