/** Policies of single tokens, one class each, and the ranks and keepers that they share. */
@NullMarked
package dev.kvasir.kvcache.policy.token;

import org.jspecify.annotations.NullMarked;
