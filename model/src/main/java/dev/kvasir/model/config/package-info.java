/** What a model's metadata says about its shape. */
@NullMarked
package dev.kvasir.model.config;

import org.jspecify.annotations.NullMarked;
