/** Writing keys and values into pages in plain loops: the control. */
@NullMarked
package dev.kvasir.kernels.page.reference;

import org.jspecify.annotations.NullMarked;
