/** Selection of the k largest importances on a CPU. */
@NullMarked
package dev.kvasir.kernels.choice.vector;

import org.jspecify.annotations.NullMarked;
