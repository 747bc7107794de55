/** The shape of a model, read from its metadata. */
@NullMarked
package dev.kvasir.model.config;

import org.jspecify.annotations.NullMarked;
