/** Records the queries and keys of attention while a model reads a text, and analyses them. */
@NullMarked
package dev.kvasir.lab.study.trace;

import org.jspecify.annotations.NullMarked;
