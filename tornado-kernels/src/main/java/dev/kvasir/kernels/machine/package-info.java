/** Machine code that Java assembles at run time, for instructions that its compilers do not emit. */
@NullMarked
package dev.kvasir.kernels.machine;

import org.jspecify.annotations.NullMarked;
