/** Experiments about attention and time, not about answers. */
@NullMarked
package dev.kvasir.lab.study;

import org.jspecify.annotations.NullMarked;
