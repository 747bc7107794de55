/** Data files of experiments: read line by line, a broken one named with its reason. */
@NullMarked
package dev.kvasir.runner.experiment.data;

import org.jspecify.annotations.NullMarked;
