/** Experiments that ask a model about a long text, or measure how well it continues one. */
@NullMarked
package dev.kvasir.lab.task;

import org.jspecify.annotations.NullMarked;
