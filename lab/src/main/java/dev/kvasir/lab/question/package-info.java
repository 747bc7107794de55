/** Asking a model about a text it has read. */
@NullMarked
package dev.kvasir.lab.question;

import org.jspecify.annotations.NullMarked;
