/** Reads the data files of experiments line by line and reports broken lines with the reason. */
@NullMarked
package dev.kvasir.lab.data;

import org.jspecify.annotations.NullMarked;
