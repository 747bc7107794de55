/** Asking a model about a text it has read. */
@NullMarked
package dev.kvasir.runner.question;

import org.jspecify.annotations.NullMarked;
