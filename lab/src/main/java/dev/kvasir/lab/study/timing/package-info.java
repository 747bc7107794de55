/** Measures the parts of a decode step, and the rate of many sequences under a cap on memory. */
@NullMarked
package dev.kvasir.lab.study.timing;

import org.jspecify.annotations.NullMarked;
