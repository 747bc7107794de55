/** The interfaces of policies, which choose the pages or tokens that stay, leave and come back. Part of the API. */
@NullMarked
package dev.kvasir.kvcache.policy;

import org.jspecify.annotations.NullMarked;
