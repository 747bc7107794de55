/** Models: files, tokenizers, the transformer, samplers, engines. */
@NullMarked
package dev.kvasir.model;

import org.jspecify.annotations.NullMarked;
