/** Turns conversations into prompts with the model's chat template. Part of the API. */
@NullMarked
package dev.kvasir.model.chat;

import org.jspecify.annotations.NullMarked;
