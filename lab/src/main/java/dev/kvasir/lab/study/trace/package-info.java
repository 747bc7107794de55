/** What attention was computed from, recorded while a model reads a text, and what can be told from it. */
@NullMarked
package dev.kvasir.lab.study.trace;

import org.jspecify.annotations.NullMarked;
