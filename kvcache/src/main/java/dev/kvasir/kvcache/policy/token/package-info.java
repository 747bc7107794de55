/** Policies of single tokens. */
@NullMarked
package dev.kvasir.kvcache.policy.token;

import org.jspecify.annotations.NullMarked;
