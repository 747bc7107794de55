/** The experiments that look at attention and at time, rather than at answers. */
@NullMarked
package dev.kvasir.runner.experiment.study;

import org.jspecify.annotations.NullMarked;
