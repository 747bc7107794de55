/** Conversations with several turns in one session. */
@NullMarked
package dev.kvasir.runner.chat;

import org.jspecify.annotations.NullMarked;
