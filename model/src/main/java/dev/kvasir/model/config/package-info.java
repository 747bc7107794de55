/** The shape of a model, read from its metadata. Part of the API. */
@NullMarked
package dev.kvasir.model.config;

import org.jspecify.annotations.NullMarked;
