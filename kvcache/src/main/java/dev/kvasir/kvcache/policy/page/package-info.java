/** Policies of pages. */
@NullMarked
package dev.kvasir.kvcache.policy.page;

import org.jspecify.annotations.NullMarked;
