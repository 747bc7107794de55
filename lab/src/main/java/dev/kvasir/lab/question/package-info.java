/** Asks a model questions about a text that it has read. */
@NullMarked
package dev.kvasir.lab.question;

import org.jspecify.annotations.NullMarked;
