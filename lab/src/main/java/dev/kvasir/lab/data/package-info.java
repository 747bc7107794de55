/** Data files of experiments: read line by line, a broken one named with its reason. */
@NullMarked
package dev.kvasir.lab.data;

import org.jspecify.annotations.NullMarked;
