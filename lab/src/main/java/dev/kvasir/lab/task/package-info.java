/** Experiments that ask a model for something in a long text, or watch how well it goes on with one. */
@NullMarked
package dev.kvasir.lab.task;

import org.jspecify.annotations.NullMarked;
