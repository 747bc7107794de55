/**
 * Turns text into token ids and back, with the vocabularies, pre-tokenizers and merge rules of GGUF files. Part of the API.
 */
@NullMarked
package dev.kvasir.model.tokenizer;

import org.jspecify.annotations.NullMarked;
