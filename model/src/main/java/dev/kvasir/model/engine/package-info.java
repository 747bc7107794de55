/** The engines: they multiply weights and keep the pages of caches on their device. */
@NullMarked
package dev.kvasir.model.engine;

import org.jspecify.annotations.NullMarked;
