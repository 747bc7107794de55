/** The part of the Jinja language that chat templates are written in: lexer, parser, evaluator. */
@NullMarked
package dev.kvasir.model.chat.jinja;

import org.jspecify.annotations.NullMarked;
