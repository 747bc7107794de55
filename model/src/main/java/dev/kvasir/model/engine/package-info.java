/** The engines: each computes with weights and holds the pages of caches on one kind of device. */
@NullMarked
package dev.kvasir.model.engine;

import org.jspecify.annotations.NullMarked;
