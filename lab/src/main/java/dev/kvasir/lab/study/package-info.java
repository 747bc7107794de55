/** The experiments that look at attention and at time, rather than at answers. */
@NullMarked
package dev.kvasir.lab.study;

import org.jspecify.annotations.NullMarked;
