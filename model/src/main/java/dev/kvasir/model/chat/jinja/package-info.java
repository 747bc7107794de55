/** The part of the Jinja language that chat templates use: lexer, parser and evaluator. */
@NullMarked
package dev.kvasir.model.chat.jinja;

import org.jspecify.annotations.NullMarked;
