/** Policies of whole pages, one class each. */
@NullMarked
package dev.kvasir.kvcache.policy.page;

import org.jspecify.annotations.NullMarked;
