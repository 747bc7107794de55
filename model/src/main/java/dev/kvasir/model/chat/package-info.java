/** Turns conversations into prompts with the model's chat template. */
@NullMarked
package dev.kvasir.model.chat;

import org.jspecify.annotations.NullMarked;
