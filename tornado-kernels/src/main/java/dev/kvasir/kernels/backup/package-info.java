/** Backups of pages in fewer bits. */
@NullMarked
package dev.kvasir.kernels.backup;

import org.jspecify.annotations.NullMarked;
