/** The control of {@link dev.kvasir.kernels.backup}. */
@NullMarked
package dev.kvasir.kernels.backup.reference;

import org.jspecify.annotations.NullMarked;
