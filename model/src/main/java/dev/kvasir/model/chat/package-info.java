/** Conversations to prompts: the chat template of a model, rendered. */
@NullMarked
package dev.kvasir.model.chat;

import org.jspecify.annotations.NullMarked;
