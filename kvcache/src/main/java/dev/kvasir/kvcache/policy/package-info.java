/** Which pages or tokens stay, leave and come back: one small class a method. */
@NullMarked
package dev.kvasir.kvcache.policy;

import org.jspecify.annotations.NullMarked;
